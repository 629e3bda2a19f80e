/** What is said while things at AWS are taken away, and after. */
import type { Removal } from '../../deploy/aws/remove-pieces.ts';
import { recsysCommand } from '../../own-shell.ts';
import { plainText } from '../../terminal/format.ts';
import { paint, print } from '../../terminal/terminal.ts';

export function waiting(status: string): void {
  process.stderr.write(`It is ${status}; waiting.\n`);
}

/** @param again the command that tries once more */
export function tellRemoval(
  { removed, left, remaining }: Removal,
  again: readonly string[] = ['endpoint', 'sweep'],
): void {
  for (const piece of removed) print(`Taken away: ${piece}`);
  for (const piece of left) print(paint.dim(`Left: ${piece}`));
  if (removed.length + left.length + remaining.length === 0) print('There was nothing to take away.');
  if (remaining.length === 0) return;
  for (const { piece, why } of remaining) print(paint.yellow(`! Still there: ${piece} (${plainText(why)})`));
  print(`Try again later: ${recsysCommand(...again)}`);
}
