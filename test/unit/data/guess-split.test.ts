/** The split is guessed by measuring: near copies of held-out sequences in training, and what parts them. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { previewData } from '../../../src/pipeline/data/describe/preview-data.ts';
import { mix32 } from '../../../src/pipeline/seeded-random.ts';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-guess-'));
});
afterAll(() => fs.rm(folder, { recursive: true }));

interface Basket {
  readonly user: number;
  /** A day of the year. */
  readonly day: number;
  readonly items: readonly number[];
}

const KINDS = { both: ['user', 'time'], users: ['user'], times: ['time'] } as const;

/** Writes 600 baskets with the columns a person would have, and guesses what they mean. */
async function guessed(
  basketOf: (n: number) => Basket,
  columns: keyof typeof KINDS = 'both',
  baskets = 600,
  changes: Readonly<Record<string, readonly string[]>> = {},
): Promise<{ by: string; reason: string }> {
  const shown: readonly string[] = KINDS[columns];
  const lines = Array.from({ length: baskets }, (_, n) => {
    const { user, day, items } = basketOf(n);
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    const fields = [
      ...(shown.includes('user') ? [`u${user}`] : []),
      ...(shown.includes('time') ? [date] : []),
    ];
    return items.map((item, place) => [`b${n}`, `item ${item}`, place + 1, ...fields].join(','));
  });
  const header = ['basket_id', 'item_id', 'position'];
  if (shown.includes('user')) header.push('customer_id');
  if (shown.includes('time')) header.push('date');
  const file = path.join(await fs.mkdtemp(path.join(folder, 'baskets-')), 'baskets.csv');
  await fs.writeFile(file, `${[header.join(','), ...lines.flat()].join('\n')}\n`);
  const { guess } = await previewData(file, folder, changes);
  expect(guess.spec).toMatchObject({ sequence: ['basket_id'], item: ['item_id'] });
  return { by: guess.spec.split.by, reason: guess.reasons['split'] ?? '' };
}

/** So many items, of which those of one list have nearly all in common, and no other has any. */
const nearlyList = (list: number, n: number): number[] =>
  Array.from({ length: 12 }, (_, i) => (i === n % 12 ? 1_000_000 + n : 100 * list + i));
const anything = (n: number): number[] => Array.from({ length: 12 }, (_, i) => mix32(50 * n + i) % 50_000);

it('by user, where the copies are those of a user', async () => {
  const { by, reason } = await guessed((n) => ({
    user: n % 60,
    day: mix32(n) % 300,
    items: nearlyList(n % 60, n),
  }));
  expect(by).toBe('user');
  expect(reason).toMatch(
    /^(9\d|100) % of the held-out sequences have a near copy in training when split by sequence, 0 % when split by user\.$/,
  );
});

it('by time, where the copies are those of a day', async () => {
  const { by, reason } = await guessed(
    (n) => ({ user: n, day: n % 60, items: nearlyList(n % 60, n) }),
    'times',
  );
  expect(by).toBe('time');
  expect(reason).toMatch(/, 0 % when split by time\.$/);
});

it('by sequence, where no other split parts the copies', async () => {
  const { by, reason } = await guessed((n) => ({
    user: mix32(n) % 60,
    day: mix32(n + 1) % 300,
    items: nearlyList(n % 5, n),
  }));
  expect([by, reason]).toEqual(['sequence', expect.stringMatching(/^The default/)]);
});

it('by sequence, where there are no copies, or so few sequences that they say nothing', async () => {
  const none = await guessed((n) => ({ user: n % 60, day: n % 300, items: anything(n) }));
  expect(none.by).toBe('sequence');
  const few = await guessed((n) => ({ user: n % 20, day: n, items: nearlyList(n % 20, n) }), 'both', 90);
  expect(few.by).toBe('sequence');
});

it('by sequence, where baskets are of a few staple goods that everybody buys', async () => {
  const staples = (n: number): number[] => [
    ...new Set(Array.from({ length: 9 }, (_, i) => mix32(50 * n + i) % 14)),
  ];
  expect((await guessed((n) => ({ user: n % 60, day: n % 300, items: staples(n) }))).by).toBe('sequence');
});

it('is left to a person who says it', async () => {
  const copies = (n: number): Basket => ({ user: n % 60, day: mix32(n) % 300, items: nearlyList(n % 60, n) });
  const { by, reason } = await guessed(copies, 'both', 600, { split: ['sequence'] });
  expect([by, reason]).toEqual(['sequence', expect.stringMatching(/^The default/)]);
});

it('is by user on the sample, whose playlists are dated snapshots', async () => {
  const { guess } = await previewData('samples/playlists.parquet', folder);
  expect(guess.spec.split.by).toBe('user');
  expect(guess.reasons['split']).toMatch(/^6\d % .* by sequence, 3\.\d % when split by user\.$/);
});
