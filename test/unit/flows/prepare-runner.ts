/** Runs the prepare step alone, in a folder of its own, and reads back what it wrote. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { DataProfile } from '../../../src/protocol/profile.ts';
import { fingerprintData } from '../../../src/pipeline/data/describe/fingerprint-data.ts';
import { openPrepared, PREPARED } from '../../../src/pipeline/data/prepared-data.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import type { StepContext } from '../../../src/pipeline/flow/step-context.ts';
import { nameSql } from '../../../src/pipeline/model/item-names.ts';
import { prepareStep } from '../../../src/pipeline/flows/next-item/prepare/prepare-step.ts';

export interface PrepareOptions {
  readonly seed?: number;
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

export interface Prepared extends PreparedData {
  readonly folder: string;
  readonly profile: DataProfile;
  readonly warnings: readonly string[];
  /** Each sequence: its part and key columns, and its items by name. */
  readonly named: readonly {
    readonly split: string;
    readonly key: readonly (string | null)[];
    readonly items: readonly string[];
  }[];
}

export async function temporaryFolder(): Promise<string> {
  return await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-prepare-'));
}

/** Runs the step into `folder`; throws what the step throws. */
export async function runPrepare(
  data: string,
  spec: DatasetSpec,
  folder: string,
  options: PrepareOptions = {},
): Promise<string[]> {
  const warnings: string[] = [];
  const context: StepContext = {
    manifest: {
      format: 1,
      id: 'test',
      flow: 'next-item',
      created: new Date().toISOString(),
      data: await fingerprintData(data, spec),
      spec,
      parameters: {},
      models: [],
      given: [],
      until: 'prepare',
      versions: {},
      platform: process.platform,
    },
    threads: options.threads ?? 2,
    memoryLimit: options.memoryLimit ?? 2048,
    seed: options.seed ?? 42,
    deterministic: false,
    signal: options.signal ?? new AbortController().signal,
    reporter: {
      progress: (stage, done, total) => options.onProgress?.(stage, done, total),
      loss: () => undefined,
      info: () => undefined,
      warn: (message) => void warnings.push(message),
    },
    scratch: path.join(folder, 'scratch'),
    locate: () => undefined,
    branches: () => ({ finished: [], failed: [] }),
    folder,
    locateFolder: () => undefined,
    write: async (name, file, write) => {
      await write(path.join(folder, file));
      return { name, file, bytes: 0, sha256: '' };
    },
    secondsUsed: 0,
    metric: () => undefined,
  };
  await prepareStep.run(context);
  return warnings;
}

/** One for all queries of a process: opening and closing it takes longer than most of them. Files are read anew each time. */
let connected: Promise<DuckDBConnection> | undefined;

async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { enable_external_file_cache: 'false' });
  return await instance.connect();
}

/** Rows of a query, as plain values. */
export async function query(sql: string): Promise<unknown[][]> {
  connected ??= connect();
  return (await (await connected).runAndReadAll(sql)).getRowsJS();
}

/** Runs the step and reads everything back. */
export async function prepared(
  data: string,
  spec: DatasetSpec,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const folder = await temporaryFolder();
  const warnings = await runPrepare(data, spec, folder, options);
  const parts = await openPrepared((artifact) => {
    const file = path.join(folder, PREPARED[artifact]);
    return existsSync(file) ? file : undefined;
  });
  const profile = DataProfile.parse(
    JSON.parse(await fs.readFile(path.join(folder, PREPARED.profile), 'utf8')),
  );
  return { ...parts, folder, profile, warnings, named: await namedSequences(parts, folder, spec) };
}

async function itemNames(file: string): Promise<string[]> {
  const columns = await query(`DESCRIBE SELECT * FROM '${file}'`);
  const name = nameSql(columns.map(([column]) => String(column)));
  return (await query(`SELECT ${name} FROM '${file}' ORDER BY item`)).map(([text]) => String(text));
}

async function namedSequences(
  parts: PreparedData,
  folder: string,
  spec: DatasetSpec,
): Promise<Prepared['named']> {
  const names = await itemNames(path.join(folder, PREPARED.items));
  const sequences = await query(`SELECT * FROM '${path.join(folder, PREPARED.sequences)}' ORDER BY sequence`);
  const { items: codes, offsets } = parts.sequences;
  return sequences.map((row, index) => ({
    split: String(row.at(-2)),
    key: row.slice(1, 1 + spec.sequence.length).map((part) => (typeof part === 'string' ? part : null)),
    items: [...codes.subarray(offsets[index], offsets[index + 1])].map((code) => names[code] ?? ''),
  }));
}

/** A spec for playlists in the tutorial's columns. */
export function playlistSpec(changes: Partial<DatasetSpec> = {}): DatasetSpec {
  return {
    format: 'parquet',
    sequence: ['user_id', 'playlist'],
    item: ['artist', 'track'],
    order: ['row_id'],
    user: 'user_id',
    group: 'artist',
    minimumLength: 3,
    sample: 1,
    split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
    ...changes,
  };
}
