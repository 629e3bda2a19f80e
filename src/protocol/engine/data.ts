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

export const dataMethods = {
  'data/preview': {
    params: z.object({ path: z.string() }),
    reply: DataPreview,
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
