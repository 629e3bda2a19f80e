/** Digests of what a task left, of which equal ones mean equal results on every machine. */
import { createHash, type Hash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { versionOf, needsOf, type Task } from '../../../src/pipeline/flow/plan.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { query } from '../flows/prepare-runner.ts';

/** Times of a fit stand beside its results. */
const TIMES: readonly string[] = ['seconds'];
/** Digits of figures that may depend on how an engine computes its last ones. */
const DIGITS = 10;

function stable(name: string, value: unknown): unknown {
  if (TIMES.includes(name)) return undefined;
  return typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value;
}

/** How a parquet file is laid out is DuckDB's affair; what it says is ours. */
async function rowsOf(file: string): Promise<string> {
  const rows = await query(`SELECT * FROM '${file}'`);
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

async function addFile(hash: Hash, file: string): Promise<void> {
  if (file.endsWith('.json')) {
    const value: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    hash.update(JSON.stringify(value, stable));
  } else hash.update(file.endsWith('.parquet') ? await rowsOf(file) : await fs.readFile(file));
}

/** Of the artifacts of some tasks, and of their figures. */
export async function resultDigest(run: RunFolder, tasks: readonly Task[]): Promise<string> {
  const hash = createHash('sha256');
  for (const task of tasks) {
    const state = run.stepState(task.path);
    hash.update(JSON.stringify([state?.state, state?.metrics, state?.warnings], stable));
    for (const { name, file } of state?.artifacts ?? []) {
      hash.update(`${name} ${file}`);
      await addFile(hash, path.join(run.stepFolder(task.path), file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** The versions that the keys of some tasks cover: their own, and those of all they need. */
export function versionsBehind(some: readonly Task[], tasks: readonly Task[]): string {
  const behind = new Set<Task>();
  const add = (one: Task): void => {
    if (behind.has(one)) return;
    behind.add(one);
    needsOf(one, tasks).forEach(add);
  };
  some.forEach(add);
  const named = [...behind].flatMap(({ step, branch }) => {
    const [own = '', kind] = versionOf(step, branch);
    return [`${step.name} ${own}`, ...(kind === undefined ? [] : [`${branch?.kind ?? ''} ${kind}`])];
  });
  return [...new Set(named)].sort().join(', ');
}
