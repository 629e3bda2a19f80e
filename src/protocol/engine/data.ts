/** Requests about data files. */
import * as z from 'zod/mini';
import { DatasetSpec, Guess } from '../dataset-spec.ts';
import { QUICK_MS, SLOW_MS, type EngineMethodEntries } from './method.ts';

export const DataPreview = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), samples: z.array(z.string()) })),
  rows: z.optional(z.number()),
  guess: Guess,
  /** The spec kept in `recsys.json`, when there is one for this file. */
  saved: z.optional(DatasetSpec),
});
export type DataPreview = z.infer<typeof DataPreview>;

/** The columns of a file of queries, as a model of some run would read them. */
export const InputColumns = z.extend(z.omit(DataPreview, { saved: true }), {
  /** Nothing need be told of them: they are called as those of the run's data. */
  matches: z.boolean(),
  /** Columns whose values make an item's name in the run's data. */
  itemParts: z.array(z.string()),
  /** What `recsys.json` tells of how the file is read, as changes of a spec. */
  told: z.record(z.string(), z.array(z.string())),
});
export type InputColumns = z.infer<typeof InputColumns>;

export const dataMethods = {
  'data/preview': {
    params: z.object({ path: z.string() }),
    reply: DataPreview,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  /** Of a file of queries for the models of a run. */
  'data/queries': {
    params: z.object({ path: z.string(), run: z.string() }),
    reply: InputColumns,
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'data/saveSpec': {
    params: z.object({ path: z.string(), spec: DatasetSpec }),
    reply: z.object({ file: z.string() }),
    timeOut: QUICK_MS,
    cancellable: false,
  },
} as const satisfies EngineMethodEntries;
