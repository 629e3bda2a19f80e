/**
 * p-values corrected for standing together (Holm 1979): the chance of calling any difference that is none stays what it
 * is for one. In the order given.
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = ps.map(() => 1);
  const order = ps.map((p, place) => ({ p, place })).sort((x, y) => x.p - y.p);
  let least = 0;
  order.forEach(({ p, place }, rank) => {
    least = Math.max(least, Math.min(1, p * (ps.length - rank)));
    adjusted[place] = least;
  });
  return adjusted;
}
