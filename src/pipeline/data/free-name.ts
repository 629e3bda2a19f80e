/** A name that none of others is, whatever their case: the wanted one, or one with a mark. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((name) => name.toLowerCase()));
  let free = wanted;
  while (lower.has(free)) free = `recsys_${free}`;
  return free;
}
