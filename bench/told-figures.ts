/** Figures of a program that writes them, as JSON, into a file that a variable of its environment names. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export interface ToldFigures {
  readonly stdout: string;
  readonly stderr: string;
  /** Absent where the program failed, or wrote none. */
  readonly figures?: unknown;
}

/** @param words arguments of Node @param variable that names the file */
export function toldFigures(
  words: readonly string[],
  variable: string,
  environment: Readonly<Record<string, string>>,
): ToldFigures {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recsys-figures-'));
  const file = path.join(folder, 'figures.json');
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      env: { ...process.env, ...environment, [variable]: file },
      encoding: 'utf8',
    });
    if (status !== 0 || !existsSync(file)) return { stdout, stderr };
    const figures: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return { stdout, stderr, figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
