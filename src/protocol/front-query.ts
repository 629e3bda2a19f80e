/**
 * What `GET /predict?session=a,b,c&k=10` asks: one rule for the local server and for the function at AWS, which is made of
 * this file too.
 */
import { DEFAULT_K, MOST_ITEMS } from './query-limits.ts';

export interface FrontQuery {
  /** The oldest first. */
  readonly items: readonly string[];
  readonly k: number;
}

/** Why a request is not answered. */
export interface RefusedQuery {
  readonly refused: string;
}

type Pairs = readonly (readonly [name: string, value: string])[];

const KNOWN = new Set(['session', 'item', 'k']);

/** @param pairs of the query, those of equal names in their order */
export function readFrontQuery(pairs: Pairs, maxK: number): FrontQuery | RefusedQuery {
  if (pairs.some(([name]) => !KNOWN.has(name)))
    return refused('The query has other parameters than session, item and k.');
  const of = (wanted: string): string[] => pairs.flatMap(([name, value]) => (name === wanted ? [value] : []));
  const [sessions, counts] = [of('session'), of('k')];
  if (sessions.length > 1) return refused('"session" is given more than once.');
  // A name that holds a comma is given as `item`, as often as there are items.
  const items = [...sessions.flatMap((session) => session.split(',')), ...of('item')].filter(Boolean);
  if (items.length > MOST_ITEMS) return refused(`A session has at most ${MOST_ITEMS} items.`);
  if (sessions.length === 0 && items.length === 0)
    return refused('Name the items of the session: /predict?session=a,b,c (a name with a comma: &item=…).');
  const k = countOf(counts, maxK);
  return k === undefined ? refused(`"k" must be a whole number from 1 to ${maxK}.`) : { items, k };
}

function countOf([first, ...others]: readonly string[], maxK: number): number | undefined {
  if (first === undefined) return Math.min(DEFAULT_K, maxK);
  const isCount = others.length === 0 && /^\d{1,6}$/.test(first) && Number(first) >= 1;
  return isCount && Number(first) <= maxK ? Number(first) : undefined;
}

const refused = (reason: string): RefusedQuery => ({ refused: reason });
