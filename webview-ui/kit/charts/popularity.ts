/** The figures behind the popularity plot. */
import type { DataProfile } from '../../../src/protocol/profile.ts';

type Bin = DataProfile['popularity'][number];
type Popularity = Pick<DataProfile, 'popularity' | 'powerLaw'>;

export interface PopularityPoint {
  /** Geometric middle of the bin's whole numbers. */
  readonly x: number;
  /** Share of all items per single row count in the bin: comparable between bins of unequal width. */
  readonly y: number;
  readonly bin: Bin;
}

/** The row counts a bin holds are whole numbers: from `from` up to, but without, `to`. */
function wholeNumbers({ from, to }: Bin): { first: number; last: number; many: number } {
  const first = Math.ceil(from);
  const last = Math.ceil(to) - 1;
  return { first, last, many: last - first + 1 };
}

/** One point for each bin that holds items. */
export function popularityPoints({ popularity }: Popularity): PopularityPoint[] {
  const items = popularity.reduce((sum, bin) => sum + bin.count, 0);
  return popularity.flatMap((bin) => {
    const { first, last, many } = wholeNumbers(bin);
    if (bin.count === 0 || many < 1 || first < 1) return [];
    return [{ x: Math.sqrt(first * last), y: bin.count / many / items, bin }];
  });
}

/** Σ (x + k)^−α over all k ≥ 0: the first terms one by one, the rest by its integral from half a step before. */
function zeta(alpha: number, x: number): number {
  let sum = 0;
  let at = x;
  for (; at < x + 200; at += 1) sum += at ** -alpha;
  return sum + (at - 0.5) ** (1 - alpha) / (alpha - 1);
}

/** The fitted power law from x_min to the largest bin, holding as many of the items as the fit did. */
export function fittedLine({ popularity, powerLaw }: Popularity): { x: number; y: number }[] {
  const items = popularity.reduce((sum, bin) => sum + bin.count, 0);
  const largest = popularity.findLast((bin) => bin.count > 0);
  if (powerLaw === undefined || largest === undefined) return [];
  const { alpha, xMin, tail } = powerLaw;
  const last = wholeNumbers(largest).last;
  const scale = tail / items / zeta(alpha, xMin);
  return last <= xMin ? [] : [xMin, last].map((x) => ({ x, y: scale * x ** -alpha }));
}
