/** Values beside the item's: of users, counts, times. A number there is no item, though one may be called so. */
import { folded } from '../../../protocol/text/fold.ts';
import type { Candidate, OtherValue } from './candidate.ts';

/** A shorter name, as `id`, is part of too many. */
const TELLING_LETTERS = 3;

/** Whether one name is a part of the other. */
export function isAkin(name: string, columns: readonly string[]): boolean {
  const plain = folded(name);
  return columns.map(folded).some((column) => {
    const [short = '', long = ''] = [plain, column].sort((a, b) => a.length - b.length);
    return short.length >= TELLING_LETTERS && long.includes(short);
  });
}

export function isNumber(name: string): boolean {
  return /^[\d\s.,:+-]*$/.test(name);
}

/** Without the numbers that are this other value, or a part of it. */
export function withoutNumbersOf(
  other: OtherValue | undefined,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  if (other === undefined || other.isAkin) return candidates;
  return candidates.filter(({ from, to, name }) => from < other.from || to > other.to || !isNumber(name));
}
