/** A lock beside a file that several processes read, change and write back. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessIdentity } from '../../protocol/step.ts';
import { UserError } from '../../protocol/user-error.ts';
import { TEMPORARY_MARK } from './atomic-file.ts';
import { heartbeatAge } from './event-log.ts';
import { isAlive, ownIdentity } from './process-identity.ts';
import { readClaim } from './read-claim.ts';

/** Marks the claims on a file; they are gone when nobody changes it. */
export const CLAIM_MARK = '.claim-';

const PATIENCE_MS = 15_000;
const SHORTEST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 60;

/**
 * Does something while no other process, and no other call in this one, does something with the same file. Each lays
 * down a claim of its own name, then looks: where another living process has one too, it takes its own back and tries
 * again a little later. No claim is ever taken over, so none is broken by mistake; those of dead processes count for
 * nothing and are removed.
 * @throws UserError when another process holds the file for too long
 */
export async function withFileLock<T>(file: string, action: () => Promise<T> | T): Promise<T> {
  const claim = await takeClaim(file);
  try {
    return await action();
  } finally {
    fs.rmSync(claim, { force: true });
  }
}

/** Whether a living process does something with the file now. */
export function isHeld(file: string): boolean {
  return fs.existsSync(path.dirname(file)) && livingClaim(file, undefined) !== undefined;
}

async function takeClaim(file: string): Promise<string> {
  const started = performance.now();
  for (;;) {
    let holder = livingClaim(file, undefined);
    if (holder === undefined) {
      const claim = layClaim(file);
      holder = livingClaim(file, claim);
      if (holder === undefined) return claim;
      fs.rmSync(claim, { force: true });
    }
    if (performance.now() - started > PATIENCE_MS)
      throw new UserError(
        `${file} is being changed by another process (${holder.pid} on ${holder.host}).`,
        'Try again when it is done, or end that process.',
      );
    await pause(SHORTEST_PAUSE_MS + Math.random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS));
  }
}

/** A claim appears with its holder's name in it, or not at all. */
function layClaim(file: string): string {
  const id = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const folder = path.dirname(file);
  const making = path.join(folder, `${TEMPORARY_MARK}${path.basename(file)}-${id}`);
  const claim = path.join(folder, `${claimPrefix(file)}${id}`);
  try {
    fs.writeFileSync(making, JSON.stringify(ownIdentity()), { flag: 'wx' });
    fs.renameSync(making, claim);
  } catch (error) {
    fs.rmSync(making, { force: true });
    throw error;
  }
  return claim;
}

function claimPrefix(file: string): string {
  return `${CLAIM_MARK}${path.basename(file)}-`;
}

/** Who else has a claim on the file and lives. */
function livingClaim(file: string, except: string | undefined): ProcessIdentity | undefined {
  const folder = path.dirname(file);
  for (const name of fs.readdirSync(folder)) {
    const claim = path.join(folder, name);
    if (!name.startsWith(claimPrefix(file)) || claim === except) continue;
    // None where it has just been taken back, or was cut off by a crash of the machine.
    const holder = readClaim(claim);
    if (holder !== undefined && isAlive(holder, heartbeatAge(claim))) return holder;
    fs.rmSync(claim, { force: true });
  }
  return undefined;
}
