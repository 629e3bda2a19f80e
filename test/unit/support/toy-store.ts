/** Temporary stores with toy runs, and a driver whose children run the toy flow's steps. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import type { StepEvent } from '../../../src/protocol/events.ts';
import type { ModelSpec, RunManifest } from '../../../src/protocol/run.ts';
import { Driver, type DriveResult } from '../../../src/pipeline/flow/driver.ts';
import type { StartedTask, TaskOrder } from '../../../src/pipeline/flow/executor.ts';
import { LocalExecutor } from '../../../src/pipeline/flow/local-executor.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { newRunId } from '../../../src/protocol/run-id.ts';
import { model, toyFlow } from './toy-flow.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-test-'));
}

/** A store in a folder of its own, for one test. */
export function temporaryStore(): { folder: string; store: RunStore; remove: () => void } {
  const folder = temporaryFolder();
  const remove = (): void => fs.rmSync(folder, { recursive: true, force: true });
  return { folder, store: RunStore.open(path.join(folder, '.recsys')), remove };
}

/** A manifest as `recsys run` writes it, for any flow. */
export function toyManifest(changes: Partial<RunManifest> = {}): RunManifest {
  return {
    format: 1,
    id: newRunId(),
    flow: 'toy',
    created: new Date().toISOString(),
    data: { path: 'data.csv', files: [], bytes: 10, schemaHash: 's', contentHash: 'c' },
    spec: {
      ...{ format: 'csv', sequence: ['s'], item: ['i'], order: [], minimumLength: 3, sample: 1 },
      split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
    },
    parameters: { a: 1, b: 1, c: 1 },
    models: [model('one'), model('two')],
    given: [],
    until: 'join',
    versions: {},
    platform: 'test',
    ...changes,
  };
}

export async function toyRun(
  store: RunStore,
  models?: readonly ModelSpec[],
  changes: Partial<RunManifest> = {},
): Promise<RunFolder> {
  return store.createRun(
    toyManifest({
      id: store.newRunId(),
      ...(models === undefined ? {} : { models: [...models] }),
      ...changes,
    }),
    {
      tags: [],
      starred: false,
    },
  );
}

export interface ToyDriving {
  readonly events: { step: string; event: StepEvent }[];
  readonly orders: TaskOrder[];
  readonly result: Promise<DriveResult>;
}

/** Bundles the toy programs once a test file, since Node 20 reads no TypeScript. */
export class ToyPrograms {
  readonly folder = temporaryFolder();

  async build(...names: string[]): Promise<void> {
    await esbuild.build({
      entryPoints: ['toy-step', ...names].map((name) => path.join(here, `${name}.ts`)),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      outdir: this.folder,
      logLevel: 'error',
    });
  }

  command(name = 'toy-step'): string[] {
    return [process.execPath, path.join(this.folder, `${name}.mjs`)];
  }

  drive(
    store: RunStore,
    run: RunFolder,
    { until = 'join', maxWorkers = 2, onEvent = (_: string, __: StepEvent): void => undefined } = {},
    asked?: readonly string[],
  ): ToyDriving {
    const events: ToyDriving['events'] = [];
    const orders: TaskOrder[] = [];
    const executor = new (class extends LocalExecutor {
      override start(...[order, tell]: Parameters<LocalExecutor['start']>): StartedTask {
        orders.push(order);
        return super.start(order, tell);
      }
    })(store.folder, () => this.command());
    const driver = new Driver(toyFlow, store, run, {
      ...{ executor, maxWorkers, threads: 0, memoryLimit: 1000 },
      onEvent: (step, event) => {
        events.push({ step, event });
        onEvent(step, event);
      },
    });
    return { events, orders, result: driver.drive(until, asked).finally(() => executor.dispose()) };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Inode and modified time of every file under a folder, by relative path. */
export function identities(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { ino, mtimeMs } = fs.statSync(file);
    found.set(path.relative(folder, file), `${ino}:${mtimeMs}`);
  }
  return found;
}
