/** The figures behind the popularity plot. */
import type { DataProfile } from '../../src/protocol/profile.ts';

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

/** The fitted power law from x_min to the largest bin, scaled so that it holds as many items as these bins do. */
export function fittedLine(profile: Popularity): { x: number; y: number }[] {
  const { powerLaw } = profile;
  const tail =
    powerLaw === undefined
      ? []
      : popularityPoints(profile).filter(({ bin }) => wholeNumbers(bin).first >= powerLaw.xMin);
  const first = tail[0];
  const last = tail.at(-1);
  if (powerLaw === undefined || first === undefined || last === undefined) return [];
  const observed = tail.reduce((sum, { y, bin }) => sum + y * wholeNumbers(bin).many, 0);
  const expected = tail.reduce((sum, { x, bin }) => sum + x ** -powerLaw.alpha * wholeNumbers(bin).many, 0);
  const scale = observed / expected;
  const from = wholeNumbers(first.bin).first;
  const to = wholeNumbers(last.bin).last;
  return [from, to].map((x) => ({ x, y: scale * x ** -powerLaw.alpha }));
}
