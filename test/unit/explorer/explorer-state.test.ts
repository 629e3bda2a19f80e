import { describe, expect, it } from 'vitest';
import { ExplorerState } from '../../../src/protocol/panels/explorer.ts';
import {
  answeredBy,
  exclude,
  include,
  initialState,
  move,
  openList,
  pin,
  removeAt,
  shownItem,
  step,
  unpin,
  visit,
  withFields,
} from '../../../webview-ui/views/explorer/explorer-state.ts';

const walked = (...items: string[]): ExplorerState => items.reduce(visit, initialState);
const listed = (...items: string[]): ExplorerState => items.reduce(pin, initialState);

describe('walking', () => {
  it('goes on, back and forward, and forgets what was ahead', () => {
    let state = walked('a', 'b', 'c');
    expect(shownItem(state)).toBe('c');
    state = step(step(state, -1), -1);
    expect(shownItem(state)).toBe('a');
    expect(shownItem(step(state, -1))).toBe('a');
    expect(shownItem(step(state, 1))).toBe('b');
    state = visit(state, 'd');
    expect(state.trail).toEqual(['a', 'd']);
    expect(step(state, 1)).toBe(state);
    expect(visit(state, 'd').trail).toEqual(['a', 'd']);
  });

  it('keeps the newest of a long way, and what it keeps can be kept', () => {
    const state = walked(...Array.from({ length: 300 }, (_, at) => `item ${at}`));
    expect(state.trail).toHaveLength(100);
    expect(shownItem(state)).toBe('item 299');
    expect(ExplorerState.safeParse(state).success).toBe(true);
  });
});

describe('the list', () => {
  it('takes items once at its end, and lets them go', () => {
    expect(listed('a', 'b', 'a').list).toEqual(['b', 'a']);
    expect(unpin(listed('a', 'b'), 'a').list).toEqual(['b']);
  });

  it('moves items, and leaves where there is nowhere to go', () => {
    const state = listed('a', 'b', 'c');
    expect(move(state, 0, 2).list).toEqual(['b', 'c', 'a']);
    expect(move(state, 2, 0).list).toEqual(['c', 'a', 'b']);
    for (const [from, to] of [
      [0, -1],
      [2, 3],
      [7, 1],
      [1, 1],
    ] as const)
      expect(move(state, from, to)).toBe(state);
  });

  it('is taken whole, with repeats, the newest of a longer one', () => {
    const state = openList(initialState, ['a', 'b', 'a']);
    expect(state).toMatchObject({ list: ['a', 'b', 'a'], tab: 'list' });
    expect(removeAt(state, 0).list).toEqual(['b', 'a']);
    const long = openList(
      initialState,
      Array.from({ length: 700 }, (_, at) => `${at}`),
    );
    expect(long.list).toHaveLength(500);
    expect(long.list.at(-1)).toBe('699');
    expect(ExplorerState.safeParse(long).success).toBe(true);
  });
});

it('groups are left out once, and let in again', () => {
  const state = exclude(exclude(initialState, { item: 'a', group: 'g' }), { item: 'b', group: 'g' });
  expect(state.exclude).toEqual([{ item: 'a', group: 'g' }]);
  expect(include(state, 'g').exclude).toEqual([]);
  const groups = Array.from({ length: 101 }, (_, at) => ({ item: `${at}`, group: `${at}` }));
  const full = groups.reduce(exclude, initialState);
  expect(full.exclude).toEqual(groups.slice(0, 100));
  expect(ExplorerState.safeParse(full).success).toBe(true);
});

it('where other models answer, pages begin anew, and what was chosen of a pair ends with it', () => {
  const pair: ExplorerState = {
    ...{ ...initialState, asked: { run: 'r' }, beside: { run: 'r', model: 'm' }, outcome: 'oneHits' },
    ...{ queriesFrom: 40, sequencesFrom: 8, why: { item: 'a', by: 'beside' } },
  };
  const other = answeredBy(pair, { beside: { run: 's' } });
  expect(other).toEqual({ ...pair, beside: { run: 's' }, queriesFrom: 0, sequencesFrom: 0 });
  const alone = answeredBy(pair, { beside: undefined });
  expect(alone).toEqual({ ...initialState, asked: { run: 'r' } });
  expect(answeredBy({ ...pair, outcome: 'allMiss' }, { beside: undefined }).outcome).toBe('allMiss');
});

it('fields that do not fit change nothing, undefined ones are left out', () => {
  expect(withFields(initialState, { minRows: 1.5 })).toBe(initialState);
  expect(withFields({ ...initialState, minRows: 3 }, { minRows: undefined }).minRows).toBeUndefined();
});
