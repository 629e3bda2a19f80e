/** Who may ask a server: whoever has its token, or, where it has none, programs of this machine. */
import { createHash, timingSafeEqual } from 'node:crypto';
import * as fs from 'node:fs';
import { isIP } from 'node:net';
import { EXIT, messageOf, UserError } from '../../protocol/user-error.ts';
import { HttpError } from './http-error.ts';

const LEAST_LENGTH = 16;
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

export const TOKEN_VARIABLE = 'RECSYS_TOKEN';

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * The token of a file, or of the environment; never of an argument, which every user of the machine can read.
 * @throws UserError where the file cannot be read, or the token is short enough to be guessed
 */
export function readToken(file: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const token = (file === undefined ? environment[TOKEN_VARIABLE] : readTokenFile(file))?.trim();
  if (token === undefined || (token === '' && file === undefined)) return undefined;
  const where = file === undefined ? `The environment variable ${TOKEN_VARIABLE}` : `The file ${file}`;
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < LEAST_LENGTH)
    throw new UserError(
      `${where} holds no token that can be used.`,
      `A token is one word of at least ${LEAST_LENGTH} letters, digits and signs, such as: openssl rand -hex 32`,
      { exitCode: EXIT.usage },
    );
  return token;
}

function readTokenFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `The token cannot be read from ${file}: ${messageOf(error)}`,
      'Name a file whose only line is the token.',
      { exitCode: EXIT.notFound, cause: error },
    );
  }
}

/** @throws UserError where other machines could ask without a token */
export function requireTokenBeyondLoopback(host: string, token: string | undefined): void {
  if (isLoopback(host) || token !== undefined) return;
  throw new UserError(
    `With --host ${host} other machines could ask the model, and there is no token.`,
    `Write a token into a file and give it with --token-file, or set ${TOKEN_VARIABLE}; clients send it as “Authorization: Bearer <token>”.`,
    { exitCode: EXIT.usage },
  );
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

interface AskedBy {
  readonly authorization?: string | undefined;
  readonly host?: string | undefined;
}

/**
 * Refuses who has no right to ask. Without a token, pages of a browser must not reach the server by a name that was made to
 * mean this machine (DNS rebinding): only its own names are taken.
 */
export function accessCheck(token: string | undefined): (headers: AskedBy) => void {
  if (token === undefined) {
    return ({ host = '' }) => {
      if (!isLoopback(hostName(host)))
        throw new HttpError(
          403,
          'Without a token the server answers only as localhost; the Host header names another.',
        );
    };
  }
  const expected = digest(token);
  return ({ authorization = '' }) => {
    const [, given = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    // Digests are of equal length, so that the time tells nothing.
    if (!timingSafeEqual(digest(given), expected))
      throw new HttpError(401, 'The token is missing or wrong. Send it as “Authorization: Bearer <token>”.');
  };
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}
