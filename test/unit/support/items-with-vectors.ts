/** The vectors of a model whose items have the worst names. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { OpenVectors } from '../../../src/pipeline/model/open-vectors.ts';

const VALUES = [
  ...['plain', 'two  words', 'tab\there', 'new\nline', '100 %', '%20', 'Björk', '👨‍👩‍👧 family', '  ends  '],
  ...['back\\slash\\n', 'line\u2028separator', 'no\u00a0break', '"quoted"', "it's", '=SUM(A1)', '</s>', ''],
  ...[
    '\u0085next',
    'a\ufeffmark',
    'x'.repeat(3000),
    '-1.5',
    '日本語 テキスト',
    '\u0001',
    '\r',
    'a\u202eb',
    '[x](y)',
  ],
  // Two items of one name; and one of a name that an item without a vector has too.
  ...['twin', 'twin', 'alone', 'alone'],
];

/** By item code; the last has no vector. */
export const ITEM_CASES = VALUES.map((name, at) => ({ name, value: at }));

const DIMENSION = 3;

/** Writes the table of items into a folder, as earlier versions did, and gives vectors for most of them in another order. */
export async function itemsWithVectors(folder: string): Promise<OpenVectors> {
  const itemsFile = path.join(folder, 'package', 'items.parquet');
  fs.mkdirSync(path.dirname(itemsFile), { recursive: true });
  const json = path.join(folder, 'items.json');
  const rows = ITEM_CASES.map(({ name, value }, item) =>
    JSON.stringify({ item, name, vector: name, 'Va"lue': value, rows: item, train_rows: 7, group_code: 0 }),
  );
  fs.writeFileSync(json, rows.join('\n'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const types = `{item: 'INTEGER', name: 'VARCHAR', vector: 'VARCHAR', 'Va"lue': 'BIGINT', rows: 'INTEGER', train_rows: 'INTEGER', group_code: 'INTEGER'}`;
  await connection.run(
    `COPY (SELECT * FROM read_json('${json}', format = 'newline_delimited', columns = ${types})) TO '${itemsFile}'`,
  );
  connection.closeSync();
  instance.closeSync();
  const count = ITEM_CASES.length;
  const items = Int32Array.from({ length: count - 1 }, (_, row) => (row * 5 + 2) % (count - 1));
  const values = Float32Array.from(
    { length: items.length * DIMENSION },
    (_, at) => Math.sin(at) * 10 ** (at % 9),
  );
  values.set([0, 1e-30, -3.4e38]);
  return {
    ...{ name: 'prod2vec', kind: 'prod2vec', folder: path.dirname(itemsFile), itemsFile },
    source: { run: '20261129-120000000-aaaa' },
    vectors: { dimension: DIMENSION, items, values },
    stated: 'Vectors.',
    catalogue: {
      trainCounts: Uint32Array.from(ITEM_CASES.keys()),
      itemGroups: new Int32Array(count).fill(-1),
      groupCount: 1,
      known: new Uint8Array(count).fill(1),
    },
  };
}
