/** Changes of what a person chose on the card. */
import { CardState } from '../../../src/protocol/panels/card.ts';

export const initialState: CardState = {
  split: 'test',
  ascending: false,
  columns: 'main',
  lossScale: 'linear',
  open: {},
  scroll: 0,
};

/** The state with one field set; a value that doesn't fit the field changes nothing. */
export function withField(state: CardState, field: string, value: unknown): CardState {
  // Another metric sorts the table anew.
  const { sort: _, ...unsorted } = state;
  const read = CardState.safeParse({ ...(field === 'metric' ? unsorted : state), [field]: value });
  return read.success ? read.data : state;
}

/** Sorting by a column once more turns its order around. */
export function withSort(
  state: CardState,
  column: string,
  current: { readonly sort: string; readonly ascending: boolean },
): CardState {
  const ascending = column === current.sort ? !current.ascending : column === 'model';
  return { ...state, sort: column, ascending };
}
