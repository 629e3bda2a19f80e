/** Search over parameters that cost too much to be tried in all combinations. */

type ChangeGroup<Parameters> = readonly Partial<Parameters>[];

export interface CoordinateSearch<Parameters> {
  readonly start: Parameters;
  /** Changes to try: the best of a group stands when the next group is tried. Some depend on what stands by then. */
  readonly groups: readonly (ChangeGroup<Parameters> | ((standing: Parameters) => ChangeGroup<Parameters>))[];
  /** Parameters the user gave: they stay. */
  readonly fixed: ReadonlySet<string>;
  /** Worth of a setting; higher is better. */
  measure(parameters: Parameters): number;
  progress(done: number, total: number): Promise<void> | undefined;
}

export interface CoordinateSearchResult<Parameters> {
  readonly parameters: Parameters;
  readonly value: number;
  /** Settings tried, those that change nothing included. */
  readonly settings: number;
}

/** Tries one group of changes after the other; what stands wins ties. */
export async function searchCoordinates<Parameters extends object>(
  search: CoordinateSearch<Parameters>,
): Promise<CoordinateSearchResult<Parameters>> {
  const groups = search.groups.map((group) => (standing: Parameters) => {
    const changes = typeof group === 'function' ? group(standing) : group;
    return changes.filter((change) => Object.keys(change).every((name) => !search.fixed.has(name)));
  });
  const total = groups.reduce((sum, changes) => sum + changes(search.start).length, 1);
  let best = search.start;
  let value = search.measure(best);
  let settings = 1;
  for (const changes of groups) {
    const from = best;
    for (const change of changes(from)) {
      const next = { ...from, ...change };
      const measured = changesNothing(from, change) ? value : search.measure(next);
      if (measured > value) {
        value = measured;
        best = next;
      }
      settings++;
      await search.progress(settings, Math.max(settings, total));
    }
  }
  return { parameters: best, value, settings };
}

function changesNothing<Parameters extends object>(from: Parameters, change: Partial<Parameters>): boolean {
  const next = { ...from, ...change };
  return (Object.keys(change) as (keyof Parameters)[]).every((name) => from[name] === next[name]);
}
