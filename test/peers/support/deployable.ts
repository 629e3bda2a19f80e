/** Packages to deploy, and an endpoint that answers by the package. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openModel, readParity } from '../../../src/pipeline/model/open-model.ts';
import { preparedFrom } from '../../unit/support/prepared-from.ts';
import { StepHarness } from '../../unit/support/step-harness.ts';

const lists = Array.from({ length: 60 }, (_, s) =>
  Array.from({ length: 6 }, (__, k) => 10 * (s % 3) + ((s * 3 + k) % 10)),
);

/** Trains two models into a folder, and gives those of their packages. */
export async function makePackages(folder: string): Promise<readonly [string, string]> {
  const data = preparedFrom(lists, { train: 40, validation: 10, itemCount: 30 });
  const models = ['markov', 'popularity'] as const;
  const harness = await StepHarness.create({
    data,
    models: models.map((name) => ({ name, parameters: {} })),
    parameters: { positions: 'every:1' },
  });
  await harness.run();
  for (const name of models) {
    fs.cpSync(harness.stepFolder(`train/${name}`), path.join(folder, name), { recursive: true });
    await writeItems(path.join(folder, name, 'items.parquet'));
  }
  await harness.remove();
  return [path.join(folder, models[0]), path.join(folder, models[1])];
}

/** The harness prepares data without names of items. */
async function writeItems(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const items = `SELECT i::INTEGER AS item, 'item "' || i || '" é' AS title, 1 AS rows, 1 AS train_rows, 0 AS group_code`;
  await connection.run(`COPY (${items} FROM range(30) t(i)) TO '${file}'`);
  connection.closeSync();
  instance.closeSync();
}

interface Asked {
  readonly signature_name?: string;
  readonly instances: readonly (
    string | { readonly items: readonly string[]; readonly k: number; readonly exclude_query: boolean }
  )[];
}

/** What an endpoint with the package answers. */
export async function endpointOf(folder: string): Promise<(body: string) => unknown> {
  const model = await openModel(folder);
  const names = await model.names();
  const { seen } = await readParity(model);
  const answer = (
    items: readonly string[],
    k: number,
    excluded = seen === 'removed',
  ): { names: string[]; scores: number[]; by: string } => {
    const codes = items.flatMap((item) => names.code(item) ?? []);
    const found = model.recommender.recommend(Int32Array.from(codes), {
      k,
      seen: excluded ? 'removed' : 'kept',
    });
    const pad = Array.from({ length: k - found.items.length }, () => 0);
    return {
      names: [...Array.from(found.items, (item) => names.name(item)), ...pad.map(() => '')],
      scores: [
        ...Array.from(found.scores, (score) => (Number.isNaN(score) ? 0 : Math.fround(score))),
        ...pad,
      ],
      by: found.answeredBy,
    };
  };
  return (body) => {
    const { instances } = JSON.parse(body) as Asked;
    const predictions = instances.map((asked) => {
      const told =
        typeof asked === 'string' ? answer([asked], 10) : answer(asked.items, asked.k, asked.exclude_query);
      return typeof asked === 'string'
        ? { output_1: told.scores, output_2: told.names, answered_by: told.by }
        : { scores: told.scores, items: told.names, answered_by: told.by, known_items: 1 };
    });
    return { predictions };
  };
}
