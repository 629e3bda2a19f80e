import type { UnpricedThing } from './costs.ts';

/**
 * Things, and what goes with them: of an endpoint and a job all that carries the same name and workspace; of what a journal has
 * all that it has, as it is taken away as a whole.
 */
export function withCompanions<T extends UnpricedThing>(arns: readonly string[], things: readonly T[]): T[] {
  const asked = things.filter(({ arn }) => arns.includes(arn));
  const belongs = (thing: T): boolean =>
    asked.some(
      ({ kind, endpoint, workspace, region, journal }) =>
        (journal !== undefined && thing.journal === journal) ||
        ((kind === 'endpoint' || kind === 'transform') &&
          endpoint !== undefined &&
          thing.endpoint === endpoint &&
          thing.workspace === workspace &&
          thing.region === region),
    );
  return things.filter((thing) => asked.includes(thing) || belongs(thing));
}
