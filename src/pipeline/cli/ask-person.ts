/** Questions to a person at a terminal; what they type is not shown again anywhere. */
import * as readline from 'node:readline/promises';
import { plainText } from '../terminal/format.ts';
import { UserError } from '../../protocol/user-error.ts';

export function isAtTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** @throws UserError where nobody is there to answer */
export async function askPerson(question: string, otherwise: string, signal?: AbortSignal): Promise<string> {
  if (!isAtTerminal()) throw new UserError(`Nobody is there to ask: ${plainText(question)}`, otherwise);
  const asking = readline.createInterface({ input: process.stdin, output: process.stderr });
  try {
    const prompt = `${plainText(question)} `;
    return (await asking.question(prompt, signal === undefined ? {} : { signal })).trim();
  } finally {
    asking.close();
  }
}
