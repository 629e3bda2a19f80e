/** A store of a thousand runs, and of ten thousand: how soon the tree shows what changed, and what that costs. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type * as vscode from 'vscode';
import { RunTree } from '../src/extension/runs/run-tree.ts';
import type { StoreModel } from '../src/extension/runs/store-model.ts';
import { Stores } from '../src/extension/runs/stores.ts';
import { distDir } from '../src/pipeline/dist-dir.ts';
import type { RunStore } from '../src/pipeline/store/run-store.ts';
import { addRun, idOf, makeStore } from './many-runs.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const CLI = path.join(distDir(), 'cli.mjs');
const CHANGES = 60;
/** Among runs so old that the system does not watch their folders; each may take a round of looks. */
const CHANGES_OF_OLD = 12;
/** Runs whose folders are watched on Linux, the newest. */
const WATCHED = 2000;
const PATIENCE_MS = 60_000;
/** Long enough that the engine looks at all runs a few times. */
const QUIET_MS = 10_000;

/** The part of the extension that shows runs, with the product's engine. */
class Host {
  readonly stores: Stores;
  readonly model: StoreModel;
  readonly tree: RunTree;

  constructor(store: RunStore) {
    const runtime = { node: process.execPath, cli: CLI, environment: process.env };
    const settings = {
      storeFolder: store.folder,
      maxWorkers: 0,
      memoryLimit: 0,
      nodePath: '',
      engineMemory: 2048,
    };
    const say = (line: string): void => console.log(line);
    // The benchmark has no window; what the engine says is printed.
    const log = { info: say, warn: say } as unknown as vscode.LogOutputChannel;
    this.stores = new Stores(
      () => [{ name: 'store', folder: store.folder, folders: [store.folder], settings, runtime }],
      log,
    );
    this.model = this.stores.first().model;
    this.tree = new RunTree(this.stores);
  }

  /** Resolves when the model shows something. */
  shows(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = setTimeout(() => reject(new Error('the change was never shown')), PATIENCE_MS);
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(give);
        subscription.dispose();
        resolve();
      };
      const subscription = this.model.onDidChange(look);
      look();
    });
  }

  dispose(): void {
    this.tree.dispose();
    this.stores.dispose();
  }
}

interface Shown {
  readonly milliseconds: number;
  /** Processor time of this process, which stands for the extension host. */
  readonly host: number;
}

async function measure(action: () => void, shown: () => Promise<unknown>): Promise<Shown> {
  action();
  const began = performance.now();
  const used = process.cpuUsage();
  await shown();
  const { user, system } = process.cpuUsage(used);
  return { milliseconds: performance.now() - began, host: (user + system) / 1000 };
}

/** Appears whole, as the pipeline writes it. */
function replace(file: string, change: (value: object) => object): void {
  const value = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
  const temporary = `${file}.new`;
  fs.writeFileSync(temporary, JSON.stringify(change(value)));
  fs.renameSync(temporary, file);
}

/** Labels by another process, runs that end, appear and go: one after another, anywhere among some runs. */
async function changes(
  store: RunStore,
  host: Host,
  places: readonly number[],
  runs: number,
): Promise<Shown[]> {
  const results: Shown[] = [];
  for (const [i, place] of places.entries()) {
    const id = idOf(place);
    const run = store.run(id);
    const [action, shown]: [() => void, () => boolean] = [
      [
        () => replace(run.labelsFile, (labels) => ({ ...labels, name: `named ${i}` })),
        () => host.model.run(id)?.labels.name === `named ${i}`,
      ],
      [
        () => replace(run.stateFile('driver'), (state) => ({ ...state, state: 'cancelled' })),
        () => host.model.run(id)?.state === 'cancelled',
      ],
      [() => addRun(store, runs + i), () => host.model.run(idOf(runs + i)) !== undefined],
      [
        () => fs.renameSync(run.folder, path.join(store.folder, `gone-${id}`)),
        () => host.model.run(id) === undefined,
      ],
    ][i % 4] as [() => void, () => boolean];
    results.push(await measure(action, () => host.shows(shown)));
    // The next change comes at any moment of the engine's looks, not just after one.
    await new Promise((resolve) => setTimeout(resolve, 100 + ((i * 37) % 250)));
  }
  return results;
}

/** So many places, evenly spread from one to the next. */
function spread(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(from + (i + 0.5) * ((to - from) / count)));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** Ours against what the project set itself. */
function row(what: string, ours: number, set: number, note?: string): ResultRow {
  const figures = { ours: `${Math.round(ours)} ms`, reference: `${set} ms set`, ratio: set / ours };
  return { what, ...figures, target: 1, ...(note === undefined ? {} : { note }) };
}

/** Of runs that are only looked at in turns; none in a small store. */
function oldest(what: string, shown: readonly Shown[]): ResultRow[] {
  if (shown.length === 0) return [];
  const times = shown.map(({ milliseconds }) => milliseconds);
  const note = `median ${Math.round(percentile(times, 0.5))} ms`;
  return [
    row(
      `${what}: a change of an older run by another process, the longest of ${times.length}`,
      Math.max(...times),
      30_000,
      note,
    ),
  ];
}

function listing(store: RunStore): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [CLI, 'runs', '--store', store.folder]);
  if (status !== 0) throw new Error('recsys runs failed');
  return performance.now() - began;
}

/** Processor time of the engine while nothing changes, as a share of one core; undefined where it cannot be asked. */
async function idleShare(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const children = fs
    .readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
        return fields[1] === String(process.pid) ? [pid] : [];
      } catch {
        return [];
      }
    });
  const ticks = (): number =>
    children.reduce((sum, pid) => {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
      return sum + Number(fields[11]) + Number(fields[12]);
    }, 0);
  const before = ticks();
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  // Linux counts hundredths of a second.
  return ((ticks() - before) * 10) / QUIET_MS;
}

async function ofStore(folder: string, runs: number): Promise<ResultRow[]> {
  const store = await makeStore(path.join(folder, `store-${runs}`), runs, true);
  const [what, scale] = [`${runs.toLocaleString('en')} runs`, runs / 1000];
  const host = new Host(store);
  try {
    const first = await measure(
      () => undefined,
      () => host.model.load(),
    );
    const share = await idleShare();
    const watched = Math.max(0, runs - WATCHED + CHANGES);
    const shown = await changes(store, host, spread(CHANGES, watched, runs), runs);
    const times = shown.map(({ milliseconds }) => milliseconds);
    const costs = shown.map(({ host: cost }) => cost);
    const note = share === undefined ? undefined : `engine at rest: ${(100 * share).toFixed(1)} % of a core`;
    const ofOld = await changes(
      store,
      host,
      spread(watched > 0 ? CHANGES_OF_OLD : 0, 0, watched),
      runs + CHANGES,
    );
    return [
      row(`${what}: first view, with the start of the engine`, first.milliseconds, 1500 * scale),
      row(`${what}: a change is in the tree, p95`, percentile(times, 0.95), 250, note),
      ...oldest(what, ofOld),
      row(
        `${what}: processor time of the host for it, p95`,
        percentile(costs, 0.95),
        20 * scale,
        `median ${percentile(costs, 0.5).toFixed(1)} ms`,
      ),
      row(`${what}: recsys runs`, listing(store), 1000),
    ];
  } finally {
    host.dispose();
  }
}

/** What drivers of earlier versions left has to be read whole, once. */
async function ofOldStore(folder: string, runs: number): Promise<ResultRow[]> {
  const store = await makeStore(path.join(folder, 'old'), runs, false);
  const first = listing(store);
  return [
    row(
      `${runs} runs of earlier versions: recsys runs again`,
      listing(store),
      1000,
      `at first ${Math.round(first)} ms`,
    ),
  ];
}

export async function run(): Promise<BenchResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-store-'));
  try {
    const rows = [
      ...(await ofStore(folder, 1000)),
      ...(await ofOldStore(folder, 1000)),
      ...(await ofStore(folder, 10_000)),
    ];
    for (const { what, ours, reference, note } of rows)
      console.log(`${what}: ${ours} (${reference}) ${note ?? ''}`);
    return {
      rows,
      about: `Finished runs of eleven models, made without training; ${CHANGES} changes by other processes: labels, states, new runs, deleted runs`,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
