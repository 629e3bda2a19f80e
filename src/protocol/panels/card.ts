/** The result card: one run, as it stands. */
import * as z from 'zod/mini';
import { CardData } from '../run-view.ts';
import { definePanelContract } from './contract.ts';

const Nothing = z.object({});
const Done = z.null();

export const SplitName = z.enum(['test', 'validation']);
export type SplitName = z.infer<typeof SplitName>;

/** What a person chose on the card, never mixed with the data. */
export const CardState = z.object({
  /** Absent until chosen: then the card opens what has something to show. */
  tab: z.optional(z.string()),
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
  /** Place of the explained query that is shown. */
  explained: z.optional(z.string()),
  lossScale: z.enum(['linear', 'log']),
  /** Details by id, where opened or closed by hand. */
  open: z.record(z.string(), z.boolean()),
  scroll: z.number(),
});
export type CardState = z.infer<typeof CardState>;

export const cardPanel = definePanelContract({
  name: 'card',
  version: 1,
  /** Names the run: its folder; for cards that an earlier version opened, its id. */
  key: z.string().check(z.minLength(1)),
  state: CardState,
  requests: {
    copyCommand: { params: Nothing, reply: Done },
    /** The log of a step or branch, by its path. */
    openLog: { params: z.object({ path: z.string() }), reply: Done },
    /** The explorer of this run's items. */
    openExplorer: { params: Nothing, reply: Done },
    cancelRun: { params: Nothing, reply: Done },
    resumeRun: { params: Nothing, reply: Done },
    /** Trains the best model on all rows, for use. */
    trainOnEverything: { params: Nothing, reply: Done },
    openMap: { params: Nothing, reply: Done },
  },
  events: {
    card: CardData,
    /** The data cannot be had now; what is shown stays. */
    failed: z.object({ message: z.string(), hint: z.optional(z.string()) }),
  },
  strings: {
    tuning: 'Tuning',
    results: 'Results',
    training: 'Training',
    data: 'Data',
    run: 'Run',
    tabs: 'Parts of the card',
    cancelRun: 'Cancel Run',
    resumeRun: 'Resume Run',
    trainOnEverything: 'Train on Everything…',
    openMap: 'Open Map',
    onEverything: '{0} is trained on everything too, for use',
    openExplorer: 'Explore Items',
    openLog: 'Open',
    openLogOf: 'Open log of {0}',
    copy: 'Copy',
    copied: 'Copied',
    unreadable: 'The data in this file cannot be read.',
    writeAgain: 'Write the card again: recsys card <run>',
  },
});
export type CardPanelContract = typeof cardPanel;
