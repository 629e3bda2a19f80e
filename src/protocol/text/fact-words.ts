import type { Fact } from '../explanation.ts';
import { count } from './number-form.ts';

const ORDINALS: Readonly<Record<number, string>> = {
  1: 'last item',
  2: 'last two items',
  3: 'last three items',
};

const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`);

function ordinal(n: number): string {
  const tens = n % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${count(n)}${ending}`;
}

function placeInList(lag: number, occurrences: number): string {
  const place = lag === 0 ? 'the last item of the list' : `in the list, ${count(lag)} before the last`;
  return occurrences > 1 ? `${place}; ${times(occurrences)} in all` : place;
}

/** A fact in a few words. @param group the data's word for a group of items */
export function factWords(fact: Fact, group = 'group'): string {
  switch (fact.code) {
    case 'follows':
      return `follows the ${ORDINALS[fact.items] ?? `last ${count(fact.items)} items`} ${times(fact.count)}`;
    case 'in-similar-lists':
      return `in ${count(fact.count)} of the ${count(fact.of)} lists most like this one`;
    case 'in-list':
      return placeInList(fact.lag, fact.count);
    case 'same-group':
      return fact.newest
        ? `same ${group} as the last item, and as ${count(fact.count)} of the newest ${count(fact.of)}`
        : `same ${group} as ${count(fact.count)} of the newest ${count(fact.of)} items`;
    case 'place-by':
      return `${ordinal(fact.place)} by ${fact.member}`;
  }
}
