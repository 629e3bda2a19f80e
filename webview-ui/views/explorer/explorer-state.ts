/** Changes of what a person chose in the explorer; each gives a new state. */
import {
  LONGEST_LIST,
  MOST_EXCLUDED,
  type ExcludedGroup,
  type ModelReference,
} from '../../../src/protocol/engine/explorer.ts';
import { ExplorerState, LONGEST_TRAIL, type ExplorerTab } from '../../../src/protocol/panels/explorer.ts';

export const initialState: ExplorerState = {
  tab: 'item',
  trail: [],
  at: -1,
  list: [],
  keepSeen: false,
  fold: false,
  exclude: [],
  sequencesFrom: 0,
  outcome: 'any',
  queriesFrom: 0,
  scroll: 0,
};

/** The item that is shown. */
export function shownItem({ trail, at }: ExplorerState): string | undefined {
  return trail[at];
}

/** Goes on to an item; those that were ahead are forgotten, as in a browser. */
export function visit(state: ExplorerState, item: string): ExplorerState {
  const next: ExplorerState = { ...state, tab: 'item', sequencesFrom: 0, scroll: 0 };
  if (shownItem(state) === item) return next;
  const trail = [...state.trail.slice(0, state.at + 1), item].slice(-LONGEST_TRAIL);
  return { ...next, trail, at: trail.length - 1 };
}

/** Goes back (−1) or forward (+1) as far as there is anything. */
export function step(state: ExplorerState, by: number): ExplorerState {
  const at = state.at + by;
  return at < 0 || at >= state.trail.length ? state : { ...state, tab: 'item', at, sequencesFrom: 0 };
}

export function show(state: ExplorerState, tab: ExplorerTab): ExplorerState {
  return { ...state, tab, scroll: 0 };
}

/** Puts an item at the end of the list; one that is in it goes there. The oldest make room. */
export function pin(state: ExplorerState, item: string): ExplorerState {
  const list = [...state.list.filter((other) => other !== item), item].slice(-LONGEST_LIST);
  return { ...state, list };
}

export function unpin(state: ExplorerState, item: string): ExplorerState {
  return { ...state, list: state.list.filter((other) => other !== item) };
}

/** Takes items for the list, repeats and all; of more than a list holds the newest. */
export function openList(state: ExplorerState, items: readonly string[]): ExplorerState {
  const { why: _, ...rest } = state;
  return { ...rest, list: items.slice(-LONGEST_LIST), tab: 'list', scroll: 0 };
}

/** Takes one place out of the list. */
export function removeAt(state: ExplorerState, at: number): ExplorerState {
  return { ...state, list: state.list.toSpliced(at, 1) };
}

/** Moves an item of the list to a place. */
export function move(state: ExplorerState, from: number, to: number): ExplorerState {
  const item = state.list[from];
  if (item === undefined || to < 0 || to >= state.list.length || from === to) return state;
  const list = state.list.toSpliced(from, 1).toSpliced(to, 0, item);
  return { ...state, list };
}

/** Leaves a group out, unless as many are as can be. */
export function exclude(state: ExplorerState, group: ExcludedGroup): ExplorerState {
  if (state.exclude.some((other) => other.group === group.group)) return state;
  if (state.exclude.length >= MOST_EXCLUDED) return state;
  return { ...state, exclude: [...state.exclude, group] };
}

export function include(state: ExplorerState, group: string): ExplorerState {
  return { ...state, exclude: state.exclude.filter((other) => other.group !== group) };
}

/** Other models answer: pages go on from the first, and what can be chosen only of two models ends with the pair. */
export function answeredBy(
  state: ExplorerState,
  models: Readonly<Partial<Record<'asked' | 'beside', ModelReference | undefined>>>,
): ExplorerState {
  const next = firstPages(withFields(state, models));
  if (next.beside !== undefined) return next;
  const { why, outcome, ...rest } = next;
  return {
    ...{ ...rest, outcome: outcome === 'oneHits' ? 'any' : outcome },
    ...(why === undefined || why.by === 'beside' ? {} : { why }),
  };
}

/** Each part that has pages at its first. */
export function firstPages(state: ExplorerState): ExplorerState {
  return { ...state, sequencesFrom: 0, queriesFrom: 0 };
}

/** The state with some fields set; an undefined one is left out. What does not fit changes nothing. */
export function withFields(
  state: ExplorerState,
  fields: { readonly [F in keyof ExplorerState]?: ExplorerState[F] | undefined },
): ExplorerState {
  const read = ExplorerState.safeParse({ ...state, ...fields });
  return read.success ? read.data : state;
}
