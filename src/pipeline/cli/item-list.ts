import * as fs from 'node:fs/promises';
import { EXIT, messageOf, UserError } from '../../protocol/user-error.ts';

/** Stands for standard input where a file is asked for. */
export const STANDARD_INPUT = '-';

async function readStandardInput(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

async function readText(file: string): Promise<string> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `The items cannot be read from ${file}: ${messageOf(error)}`,
      'Give a text file with one item a line, or - for standard input.',
      { cause: error, exitCode: EXIT.notFound },
    );
  }
}

/**
 * Items of a text file, one a line; empty lines are passed over.
 * @param file its path, or `-` for standard input
 * @throws UserError when there is no such file
 */
export async function readItemList(file: string): Promise<string[]> {
  const text = file === STANDARD_INPUT ? await readStandardInput() : await readText(file);
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}
