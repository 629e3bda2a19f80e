/** Successive halving (Jamieson & Talwalkar 2016) as a fixed plan of rungs. */

/** Of each rung the best third goes on, with three times the training. */
export const ETA = 3;

export interface Rung {
  readonly step: string;
  readonly title: string;
  /** Settings tried in it, at most. */
  readonly places: number;
  /** Share of the whole training each gets. */
  readonly share: number;
}

const EXPLORE = { step: 'explore', title: 'Explore' };
const REFINE = { step: 'refine', title: 'Refine' };
const SETTLE = { step: 'settle', title: 'Settle' };

/** The steps that rungs may be, in order. */
export const RUNG_STEPS = [EXPLORE, REFINE, SETTLE] as const;

/** How many of a rung's results go on to the next. */
export function promoted(results: number): number {
  return Math.ceil(results / ETA);
}

/**
 * The rungs of a tuning. Fewer than nine trials leave no room for three of them, fewer than three none for two; without
 * halving every trial is trained whole.
 */
export function planRungs(trials: number, halving: boolean): Rung[] {
  if (!halving || trials < ETA) return [{ ...EXPLORE, places: trials, share: 1 }];
  const last = { ...SETTLE, share: 1 };
  if (trials < ETA * ETA)
    return [
      { ...EXPLORE, places: trials, share: 1 / ETA },
      { ...last, places: promoted(trials) },
    ];
  return [
    { ...EXPLORE, places: trials, share: 1 / (ETA * ETA) },
    { ...REFINE, places: promoted(trials), share: 1 / ETA },
    { ...last, places: promoted(promoted(trials)) },
  ];
}
