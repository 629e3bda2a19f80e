import { describe, expect, it } from 'vitest';
import { partSequences } from '../../../src/pipeline/kinds/prod2vec/sequence-parts.ts';
import type { Sequences } from '../../../src/pipeline/data/prepared-data.ts';

const ITEMS = 400;

/** Sequences whose items are of one of four groups each, groups and lengths in no order. */
function mixedGroups(count: number): Sequences {
  let state = 5;
  const next = (bound: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const sequences = Array.from({ length: count }, () => {
    const group = next(4);
    return Array.from({ length: 1 + next(60) }, () => 4 * next(ITEMS / 4) + group);
  });
  const offsets = [0];
  for (const { length } of sequences) offsets.push((offsets.at(-1) ?? 0) + length);
  return { items: Int32Array.from(sequences.flat()), offsets: Uint32Array.from(offsets) };
}

const listOf = ({ items, offsets }: Sequences): string[] =>
  Array.from(offsets.subarray(1), (end, s) => items.subarray(offsets[s], end).join(' '));

describe('sequences in parts', () => {
  it.each([2, 3, 4])(
    'are all there, in their order within each of %i parts of about equal size',
    async (parts) => {
      const sequences = mixedGroups(900);
      const { sequences: parted, first } = await partSequences(sequences, ITEMS, parts);
      const [before, after] = [listOf(sequences), listOf(parted)];
      expect([...after].sort()).toEqual([...before].sort());
      expect([...first].slice(0, 1).concat(first.at(-1) ?? 0)).toEqual([0, 900]);
      for (let part = 0; part < parts; part++) {
        const own = after.slice(first[part], first[part + 1]);
        let at = -1;
        for (const text of own) {
          at = before.indexOf(text, at + 1);
          expect(at).toBeGreaterThanOrEqual(0);
        }
        const rows = (parted.offsets[first[part + 1] ?? 0] ?? 0) - (parted.offsets[first[part] ?? 0] ?? 0);
        expect(rows).toBeLessThan((1.05 * parted.items.length) / parts);
      }
    },
  );

  it('have few items in common', async () => {
    const { sequences, first } = await partSequences(mixedGroups(900), ITEMS, 2);
    const middle = sequences.offsets[first[1] ?? 0] ?? 0;
    const count = (items: Int32Array, item: number): number =>
      items.reduce((sum, at) => sum + Number(at === item), 0);
    const [left, right] = [sequences.items.subarray(0, middle), sequences.items.subarray(middle)];
    // Rows in the part that holds fewer of the item: nearly half of all when sequences are dealt out at random.
    let foreign = 0;
    for (let item = 0; item < ITEMS; item++) foreign += Math.min(count(left, item), count(right, item));
    expect(foreign / sequences.items.length).toBeLessThan(0.15);
  });

  it('stay as they are for one part', async () => {
    const sequences = mixedGroups(20);
    const { sequences: parted, first } = await partSequences(sequences, ITEMS, 1);
    expect(parted).toBe(sequences);
    expect([...first]).toEqual([0, 20]);
  });

  it('may be fewer than the parts', async () => {
    const sequences = mixedGroups(2);
    const { sequences: parted, first } = await partSequences(sequences, ITEMS, 8);
    expect(listOf(parted).sort()).toEqual(listOf(sequences).sort());
    expect(first).toHaveLength(9);
    expect(first.at(-1)).toBe(2);
  });
});
