/** Commands in hints, as the shell this program was most likely started from reads them. */
import { shellLine, shellOfProcess, type Shell } from '../protocol/text/shell-words.ts';

export function ownShell(): Shell {
  return shellOfProcess(process.platform, process.env);
}

/** `recsys` with some words, such as a path a person gave, to be copied from a hint. */
export function recsysCommand(...words: readonly string[]): string {
  const all = ['recsys', ...words];
  return shellLine(all, ownShell()) ?? all.join(' ');
}
