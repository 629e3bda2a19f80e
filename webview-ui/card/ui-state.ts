/** What a person chose on the card: kept over a reload, and never mixed with the data. */
import * as z from 'zod/mini';

export const Tab = z.enum(['tuning', 'results', 'training', 'data', 'run']);
export type Tab = z.infer<typeof Tab>;
export const SplitName = z.enum(['test', 'validation']);
export type SplitName = z.infer<typeof SplitName>;

export const UiState = z.object({
  /** Absent until chosen: then the card opens what has something to show. */
  tab: z.optional(Tab),
  split: SplitName,
  /** Metric by which models are chosen, tables sorted and plots drawn. */
  metric: z.optional(z.string()),
  sort: z.optional(z.string()),
  ascending: z.boolean(),
  /** Order of the table of trials, and the trial that is followed. */
  trialSort: z.optional(z.string()),
  trialAscending: z.optional(z.boolean()),
  trial: z.optional(z.string()),
  columns: z.enum(['main', 'all']),
  variantModel: z.optional(z.string()),
  pairA: z.optional(z.string()),
  pairB: z.optional(z.string()),
  slice: z.optional(z.string()),
  lossScale: z.enum(['linear', 'log']),
  /** Details by id, where opened or closed by hand. */
  open: z.record(z.string(), z.boolean()),
  scroll: z.number(),
});
export type UiState = z.infer<typeof UiState>;

const initial: UiState = {
  split: 'test',
  ascending: false,
  columns: 'main',
  lossScale: 'linear',
  open: {},
  scroll: 0,
};

/** The state as it was saved, or a new one where nothing usable was. */
export function restoreState(saved: unknown): UiState {
  const read = UiState.safeParse(saved);
  return read.success ? read.data : initial;
}

/** The state with one field set; a value that doesn't fit the field changes nothing. */
export function withField(state: UiState, field: string, value: unknown): UiState {
  // Another metric sorts the table anew.
  const { sort: _, ...unsorted } = state;
  const read = UiState.safeParse({ ...(field === 'metric' ? unsorted : state), [field]: value });
  return read.success ? read.data : state;
}

/** Sorting by a column once more turns its order around. */
export function withSort(
  state: UiState,
  column: string,
  current: { readonly sort: string; readonly ascending: boolean },
): UiState {
  const ascending = column === current.sort ? !current.ascending : column === 'model';
  return { ...state, sort: column, ascending };
}
