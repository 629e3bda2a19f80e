/** Requests about one run. */
import * as z from 'zod/mini';
import { LabelChange } from '../run.ts';
import { CardData, RunView } from '../run-view.ts';
import { QUICK_MS, SLOW_MS, type EngineMethodEntries } from './method.ts';
import { Nothing, RunInShell, RunReference } from './run-reference.ts';

export const runMethods = {
  /** All of a run as it is shown: its steps, artifacts, parameters. */
  'run/view': { params: RunReference, reply: RunView, timeOut: QUICK_MS, cancellable: true },
  'run/card': { params: RunInShell, reply: CardData, timeOut: SLOW_MS, cancellable: true },
  /** The next part of a run's log, or of that of one step or branch. */
  'run/log': {
    params: z.object({
      run: z.string(),
      step: z.optional(z.string()),
      /** Where the part before ended, as it said; absent: from the beginning. */
      from: z.optional(z.string()),
    }),
    reply: z.object({
      /** Whole lines, half a million characters or a little more at most. */
      text: z.string(),
      at: z.string(),
      /** A file was replaced or cut short: what was read before is no longer what it holds. */
      restarted: z.boolean(),
      /** There is more to be read now. */
      more: z.boolean(),
    }),
    timeOut: QUICK_MS,
    cancellable: true,
  },
  'run/command': {
    params: RunInShell,
    reply: z.object({ command: z.string() }),
    timeOut: QUICK_MS,
    cancellable: true,
  },
  'run/cancel': { params: RunReference, reply: Nothing, timeOut: QUICK_MS, cancellable: false },
  'run/delete': {
    params: RunReference,
    reply: z.object({ trash: z.string() }),
    timeOut: SLOW_MS,
    cancellable: false,
  },
  'run/restore': { params: RunReference, reply: Nothing, timeOut: QUICK_MS, cancellable: false },
  'run/label': {
    params: z.object({ run: z.string(), change: LabelChange }),
    reply: Nothing,
    // Writers of labels wait for each other, up to 15 seconds.
    timeOut: 2 * QUICK_MS,
    cancellable: false,
  },
} as const satisfies EngineMethodEntries;
