/** A run as lists show it: small, and ready when it is asked for. All else of a run is its `RunView`. */
import * as z from 'zod/mini';
import { ProgressEvent } from './events.ts';
import { RunLabels } from './run.ts';
import { DataPlace, RunOutcome } from './run-outcome.ts';
import { Failure, ShownState } from './step.ts';

/** What a running run does now. */
export const Activity = z.object({
  /** Of a step or branch that runs. */
  step: z.string(),
  title: z.string(),
  /** How many run at once. */
  count: z.int(),
  progress: z.optional(ProgressEvent),
});
export type Activity = z.infer<typeof Activity>;

export const RunRow = z.object({
  ...RunOutcome.shape,
  /** Of all that it holds: its artifacts, and the maps beside them. */
  bytes: z.number(),
  /** Of these the maps'; absent: it has none. */
  mapBytes: z.optional(z.number()),
  id: z.string(),
  folder: z.string(),
  data: DataPlace,
  created: z.string(),
  labels: RunLabels,
  state: ShownState,
  started: z.string(),
  seconds: z.optional(z.number()),
  failure: z.optional(Failure),
  /** What of its files cannot be read, and why; empty for a run that is whole. */
  damage: z.array(Failure),
  /** 0 to 1 over all steps, while it runs. */
  fraction: z.optional(z.number()),
  /** Of the whole run, roughly; absent until there is a pace to tell it from. */
  secondsLeft: z.optional(z.number()),
  activity: z.optional(Activity),
  /** Grows whenever a file of the run changed, so that what was drawn from its details can be drawn again. */
  changed: z.int(),
});
export type RunRow = z.infer<typeof RunRow>;

/** A folder of the store that could not be read as a run, and why. */
export const BrokenRun = z.object({ id: z.string(), folder: z.string(), message: z.string() });
export type BrokenRun = z.infer<typeof BrokenRun>;

const store = {
  folder: z.string(),
  exists: z.boolean(),
  broken: z.array(BrokenRun),
  /** Of all runs, what several runs share counted once. */
  bytes: z.number(),
};

/** All runs of a store, newest first. */
export const StoreView = z.object({ ...store, runs: z.array(RunRow) });
export type StoreView = z.infer<typeof StoreView>;

/** What is new in a store since a revision. */
export const StoreChanges = z.object({
  ...store,
  /** Names this state of the store to this engine; means nothing to another one. */
  revision: z.string(),
  /** `changed` are all runs: nothing is known of the revision that was named. */
  whole: z.boolean(),
  changed: z.array(RunRow),
  /** Ids of runs that are gone. */
  removed: z.array(z.string()),
});
export type StoreChanges = z.infer<typeof StoreChanges>;
