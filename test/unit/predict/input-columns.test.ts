/** Whether the columns of an input are those of a run's data, and which are likely otherwise. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inputColumns } from '../../../src/pipeline/predict/input-columns.ts';
import { saveSpec } from '../../../src/pipeline/data/recsys-file.ts';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const SPEC: DatasetSpec = {
  ...{ format: 'csv', sequence: ['playlist'], item: ['artist', 'track'], order: ['position'] },
  ...{ minimumLength: 3, sample: 1, split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] } },
};

function file(name: string, ...lines: readonly string[]): string {
  const at = path.join(folder, name);
  fs.writeFileSync(at, `${lines.join('\n')}\n`);
  return at;
}
const look = (input: string, spec = SPEC) => inputColumns(input, spec, folder);

describe('inputColumns', () => {
  it('has nothing to ask where the columns are called as those of the data, whatever else there is', async () => {
    const input = file('same.csv', 'note,playlist,position,artist,track', 'x,p,0,a,b', 'x,p,1,a,c');
    expect(await look(input)).toMatchObject({ matches: true, itemParts: ['artist', 'track'], told: {} });
  });

  it('needs no columns that tell queries apart where the items are lists', async () => {
    const input = file('lists.ndjson', '{"tracks":["a","b"]}', '{"tracks":["c"]}');
    expect(await look(input, { ...SPEC, item: ['tracks'] })).toMatchObject({ matches: true });
    expect(await look(input)).toMatchObject({ matches: false, guess: { spec: { item: ['tracks'] } } });
  });

  it('finds names that are written otherwise, and guesses the others among what is left', async () => {
    const input = file('other.csv', 'Basket_ID,Artist,TRACK,pos', 'p1,a,b,0', 'p1,a,c,1', 'p2,d,e,0');
    const { matches, guess } = await look(input);
    expect(matches).toBe(false);
    expect(guess.spec).toMatchObject({ sequence: ['Basket_ID'], item: ['Artist', 'TRACK'], order: ['pos'] });
    expect(guess.reasons['sequence']).toMatch(/^In the run’s data: ‘playlist’\. .*‘Basket_ID’/);
    expect(guess.reasons['item']).toBe('In the run’s data: ‘artist’, ‘track’.');
  });

  it('leaves it to the guess which of two columns is meant that are written alike', async () => {
    const input = file('two.csv', 'playlist,position,artist,Track,track_', 'p,0,a,b,b', 'p,1,a,c,c');
    const { guess, matches } = await look(input);
    expect(matches).toBe(false);
    // The guess has the say then, with its reason.
    expect(guess.reasons['item']).toMatch(/^In the run’s data: ‘artist’, ‘track’\. ./);
  });

  it('reads as recsys.json says, and tells it', async () => {
    const input = file('told.csv', 'p;0;a;b', 'p;1;a;c');
    const columns = ['column0', 'column1', 'column2', 'column3'] as const;
    const [sequence, order, artist, track] = columns;
    const spec = { ...SPEC, sequence: [sequence], item: [artist, track], order: [order] };
    await saveSpec(input, folder, { ...spec, reading: { header: false, delimiter: ';' } });
    const found = await look(input);
    expect(found.columns.map(({ name }) => name)).toEqual(columns);
    expect(found).toMatchObject({ matches: false, guess: { spec: { item: [artist, track] } } });
    expect(found.told).toMatchObject({ format: ['csv'], reading: [], header: [], delimiter: [';'] });
    expect(await look(input, spec)).toMatchObject({ matches: true });
  });

  it('says why an input cannot be read', async () => {
    await expect(look(path.join(folder, 'nowhere.csv'))).rejects.toThrow(/There is no file/);
  });
});
