/** Runs that are killed again and again, and what must hold of their store afterwards. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { distDir } from '../../src/pipeline/dist-dir.ts';
import { RunStore } from '../../src/pipeline/store/run-store.ts';
import type { RunFolder } from '../../src/pipeline/store/run-folder.ts';
import { viewRun } from '../../src/pipeline/views/view-run.ts';
import { viewStore } from '../../src/pipeline/views/view-store.ts';
import { recsys, type CliEnd } from '../unit/support/recsys-cli.ts';
import { writeTinyPlaylists } from '../unit/support/tiny-data.ts';

const PRELOAD = pathToFileURL(path.join(path.dirname(distDir()), 'test/crash/kill-at.mjs')).href;

/** A small whole job: two branches, a fraction of a second each. */
export const JOB = [
  ...[
    '--models',
    'prod2vec,popularity',
    '--sets',
    '[{"min_count":1}]',
    '--vector-size',
    '8',
    '--epochs',
    '2',
  ],
  ...['--deterministic', '--seed', '1'],
];

export interface Kill {
  /** `driver`, or a step's path. */
  readonly process: string;
  readonly boundary?: number;
  readonly bytes?: number;
  readonly after?: number;
}

export interface Counted {
  readonly process: string;
  readonly boundaries: number;
  readonly bytes: number;
}

function linesOf<T>(file: string): T[] {
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Hash of an artifact's bytes; of a report's without the seconds in it. */
function hashApartFromTimes(file: string): string {
  if (path.basename(file) !== 'report.json') return sha256(fs.readFileSync(file));
  const report = JSON.parse(fs.readFileSync(file, 'utf8'), (key, value: unknown) =>
    key === 'seconds' ? 0 : value,
  ) as unknown;
  return sha256(JSON.stringify(report));
}

/** One store in a folder of its own. */
export class CrashBench {
  readonly folder: string;
  readonly store: RunStore;
  /** By step path: identity (inode and modified time) and run of every step's artifacts when it was seen finished. */
  readonly #finished = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true });
    writeTinyPlaylists(path.join(folder, 'tiny.csv'));
    this.store = RunStore.open(path.join(folder, '.recsys'));
  }

  get killFile(): string {
    return path.join(this.folder, 'killed.ndjson');
  }
  get kills(): number {
    return linesOf(this.killFile).length;
  }

  start(kill?: Kill): Promise<CliEnd> {
    return this.#command(['run', 'tiny.csv', ...JOB, '--max-workers', '2'], kill);
  }

  resume(kill?: Kill): Promise<CliEnd> {
    return this.#command(['resume', 'latest', '--max-workers', '2'], kill);
  }

  /** An undisturbed run, and how many file operations and bytes each of its processes has. */
  async count(): Promise<Counted[]> {
    const file = path.join(this.folder, 'counted.ndjson');
    const end = await recsys(['run', 'tiny.csv', ...JOB, '--max-workers', '2'], {
      cwd: this.folder,
      env: { NODE_OPTIONS: `--import=${PRELOAD}`, RECSYS_TEST_COUNT: file },
    });
    if (end.code !== 0) throw new Error(`the undisturbed run failed: ${end.stderr}`);
    return linesOf<Counted>(file);
  }

  #command(args: readonly string[], kill?: Kill): Promise<CliEnd> {
    if (kill === undefined) return recsys(args, { cwd: this.folder });
    return recsys(args, {
      cwd: this.folder,
      env: {
        NODE_OPTIONS: `--import=${PRELOAD}`,
        RECSYS_TEST_KILL: JSON.stringify(kill),
        RECSYS_TEST_KILLED: this.killFile,
      },
    });
  }

  latest(): RunFolder {
    return this.store.resolve('latest');
  }

  /** What is wrong with the store: runs that cannot be read, artifacts that changed, finished steps done again. */
  problems(): string[] {
    const { broken } = viewStore(this.store);
    const found = broken.map(({ id, message }) => `${id} is broken: ${message}`);
    for (const id of this.store.runIds()) found.push(...this.#problemsOf(this.store.run(id)));
    return found;
  }

  #problemsOf(run: RunFolder): string[] {
    const found: string[] = [];
    for (const step of viewRun(run).steps) {
      if (step.state !== 'succeeded') continue;
      const identity: string[] = [];
      for (const { file, sha256: recorded } of step.artifacts) {
        const place = path.join(run.stepFolder(step.path), file);
        if (sha256(fs.readFileSync(place)) !== recorded)
          found.push(`${run.id} ${step.path}/${file} has another hash`);
        const { ino, mtimeNs } = fs.statSync(place, { bigint: true });
        identity.push(`${file}:${ino}:${mtimeNs}`);
      }
      // A report that did without a killed branch is rightly made anew, in a new run.
      const key = step.path === 'report' ? `${run.id}/report` : step.path;
      const before = this.#finished.get(key) ?? identity.join();
      if (before !== identity.join()) found.push(`${run.id} ${step.path} was done again`);
      this.#finished.set(key, before);
    }
    return found;
  }

  /** Hashes of all artifacts of the latest run, by step and file, apart from times in them. */
  artifacts(): Record<string, string> {
    const run = this.latest();
    return Object.fromEntries(
      viewRun(run).steps.flatMap((step) =>
        step.artifacts.map(({ file }) => [
          `${step.path}/${file}`,
          hashApartFromTimes(path.join(run.stepFolder(step.path), file)),
        ]),
      ),
    );
  }

  /** Files that killed writers left in the latest run. */
  leftovers(): string[] {
    const files = fs.readdirSync(this.latest().folder, { recursive: true, encoding: 'utf8' });
    return files.filter((file) => path.basename(file).startsWith('.partial-') && !file.startsWith('driver'));
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
