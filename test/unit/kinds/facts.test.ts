import { describe, expect, test } from 'vitest';
import { indexOccurrences } from '../../../src/pipeline/kinds/fitting/occurrences.ts';
import { nGramParameters } from '../../../src/pipeline/kinds/n-gram/parameters.ts';
import { nGramScorer } from '../../../src/pipeline/kinds/n-gram/scorer.ts';
import type { Scorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { sessionKnnParameters } from '../../../src/pipeline/kinds/session-knn/parameters.ts';
import { sessionScorer } from '../../../src/pipeline/kinds/session-knn/scorer.ts';
import { indexSequences } from '../../../src/pipeline/kinds/session-knn/sequence-index.ts';
import { groupFact, listFact, placesByMembers } from '../../../src/pipeline/kinds/stack/facts.ts';
import { stackMember } from '../../../src/pipeline/kinds/stack/stack-member.ts';
import type { Fact } from '../../../src/protocol/explanation.ts';
import { defaultsOf } from '../../../src/protocol/parameters.ts';
import { factWords } from '../../../src/protocol/text/fact-words.ts';
import { fakeDense } from '../support/fake-scorers.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const training = [
  [0, 1, 2],
  [0, 1, 3],
  [5, 0, 1, 2, 2],
  [1, 2],
  [4, 3],
];
const ITEMS = 6;
const data = preparedFrom(training, { itemCount: ITEMS });

function factsOf(scorer: Scorer, query: readonly number[], items: readonly number[]): (readonly Fact[])[] {
  const { items: told = [] } = scorer.explain?.(Int32Array.from(query), Int32Array.from(items)) ?? {};
  return told.map((one) => one?.facts ?? []);
}

describe('facts are counts made by hand', () => {
  test('of the n-gram: what came after the last item, and the last two and three', () => {
    const scorer = nGramScorer(indexOccurrences(data.sequences, ITEMS), defaultsOf(nGramParameters));
    expect(factsOf(scorer, [5, 0, 1], [2, 3, 4])).toEqual([
      [
        { code: 'follows', items: 1, count: 3 },
        { code: 'follows', items: 2, count: 2 },
        { code: 'follows', items: 3, count: 1 },
      ],
      [
        { code: 'follows', items: 1, count: 1 },
        { code: 'follows', items: 2, count: 1 },
      ],
      [],
    ]);
  });

  test.each([
    { back: 0, before: [] },
    { back: 0.5, before: [{ code: 'in-similar-lists', count: 1, of: 4 }] },
  ])('of session-kNN: lists that vote for an item ($back of what stands before)', ({ back, before }) => {
    const parameters = { ...defaultsOf(sessionKnnParameters), back };
    const scorer = sessionScorer(indexSequences(data.sequences, ITEMS), parameters, data.trainCounts);
    expect(factsOf(scorer, [0, 1], [2, 3, 5, 4])).toEqual([
      [{ code: 'in-similar-lists', count: 3, of: 4 }],
      [{ code: 'in-similar-lists', count: 1, of: 4 }],
      before,
      [],
    ]);
  });

  test('of the list and its groups', () => {
    const query = Int32Array.of(4, 2, 3, 2, 1);
    expect(listFact(query, 2)).toEqual([{ code: 'in-list', lag: 1, count: 2 }]);
    expect(listFact(query, 0)).toEqual([]);
    const groups = Int32Array.of(7, 7, 8, -1, -1, 9);
    expect(groupFact(query, 0, groups)).toEqual([{ code: 'same-group', newest: true, count: 1, of: 5 }]);
    expect(groupFact(query, 2, groups)).toEqual([{ code: 'same-group', newest: false, count: 2, of: 5 }]);
    expect([groupFact(query, 5, groups), groupFact(query, 3, groups)]).toEqual([[], []]);
  });

  test('of places by a member’s own score', () => {
    const member = stackMember(
      'm',
      'm',
      fakeDense({ items: [0], after: () => new Map() }),
      new Uint32Array(4),
    );
    const features = Float32Array.of(0.1, 9, 0.7, 9, 0.7, 9, 0.9, 9);
    const seen = { features, items: Int32Array.of(10, 11, 12, 13) };
    const set = { memberOf: [member, undefined], width: 2 };
    const place = (at: number): Fact[] => [{ code: 'place-by', member: 'm', place: at }];
    expect(placesByMembers(set, [member], seen, [0, 1, 3, -1])).toEqual([[], place(2), place(1), []]);
  });
});

test.each<[Fact, string]>([
  [{ code: 'follows', items: 1, count: 31 }, 'follows the last item 31 times'],
  [{ code: 'follows', items: 2, count: 1 }, 'follows the last two items once'],
  [{ code: 'in-similar-lists', count: 2, of: 100 }, 'in 2 of the 100 lists most like this one'],
  [{ code: 'in-list', lag: 0, count: 1 }, 'the last item of the list'],
  [{ code: 'in-list', lag: 3, count: 2 }, 'in the list, 3 before the last; twice in all'],
  [
    { code: 'same-group', newest: true, count: 4, of: 30 },
    'same artist as the last item, and as 4 of the newest 30',
  ],
  [{ code: 'same-group', newest: false, count: 1, of: 5 }, 'same artist as 1 of the newest 5 items'],
  [{ code: 'place-by', member: 'n-gram', place: 2 }, '2nd by n-gram'],
  [{ code: 'place-by', member: 'n-gram', place: 11 }, '11th by n-gram'],
])('in words: %j', (fact, words) => {
  expect(factWords(fact, 'artist')).toBe(words);
});
