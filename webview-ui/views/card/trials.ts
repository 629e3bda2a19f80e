/** The trials of a tuning as the card shows them: which count, and in which order. */
import type { TrialView, TuningView } from '../../../src/protocol/tuning.ts';
import type { CardState } from '../../../src/protocol/panels/card.ts';

/** Sorting by a column of the table of trials is kept apart from that of the metrics. */
export const TRIAL_SORT = 'trial:';

export interface TrialOrder {
  readonly sort: string;
  readonly ascending: boolean;
}

export function trialOrder(state: CardState): TrialOrder {
  return { sort: state.trialSort ?? `${TRIAL_SORT}standing`, ascending: state.trialAscending ?? false };
}

/** Measured trials, those of later rungs first, of each the best first. */
function byStanding(a: TrialView, b: TrialView): number {
  return a.rung - b.rung || (a.estimate?.value ?? -1) - (b.estimate?.value ?? -1);
}

function keyOf(trial: TrialView, column: string): number | string {
  const plain: Readonly<Record<string, number | string | undefined>> = {
    trial: trial.trial ?? trial.path,
    rung: trial.rung,
    state: trial.state,
    value: trial.estimate?.value,
    seconds: trial.seconds,
  };
  const value = column in plain ? plain[column] : trial.parameters?.[column];
  return typeof value === 'boolean' ? Number(value) : (value ?? -Infinity);
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  return String(a).localeCompare(String(b), 'en');
}

/** Trials that have begun, in the chosen order. */
export function sortedTrials({ trials }: TuningView, { sort, ascending }: TrialOrder): TrialView[] {
  const column = sort.slice(TRIAL_SORT.length);
  const begun = trials.filter(({ state }) => state !== 'pending');
  const direction = ascending ? 1 : -1;
  return begun.sort((a, b) => {
    const by = column === 'standing' ? byStanding(a, b) : compare(keyOf(a, column), keyOf(b, column));
    return direction * by;
  });
}

/** Each setting once, where it was trained most. */
export function furthest({ trials }: TuningView): TrialView[] {
  const last = new Map<string, TrialView>();
  for (const view of trials) {
    if (view.trial === undefined || view.estimate === undefined) continue;
    const before = last.get(view.trial);
    if (before === undefined || before.rung <= view.rung) last.set(view.trial, view);
  }
  return [...last.values()];
}

/** The best trial so far, or the winner. */
export function bestOf({ trials, best }: TuningView): TrialView | undefined {
  return trials.find(({ path }) => path === best);
}
