import * as fs from 'node:fs/promises';
import { expect, it } from 'vitest';
import { recsysJsonSchema } from '../../../src/pipeline/data/recsys-schema.ts';

it('media/recsys.schema.json is the schema the program checks with (else: node scripts/generate-schemas.mjs)', async () => {
  const file: unknown = JSON.parse(await fs.readFile('media/recsys.schema.json', 'utf8'));
  expect(file).toEqual(JSON.parse(JSON.stringify(recsysJsonSchema())));
});

it('describes every field of a dataset', async () => {
  const text = await fs.readFile('media/recsys.schema.json', 'utf8');
  expect(text.match(/"description"/g)).toHaveLength(26);
});
