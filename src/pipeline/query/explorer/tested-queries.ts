/** Queries of a run's test part, and what one or two models put first: as evaluated, for a person to look at. */
import type {
  Outcome,
  QueriesReply,
  SliceChoice,
  TestedQuery,
  TestedSide,
} from '../../../protocol/engine/explorer.ts';
import { HIT_DEPTH, LONGEST_LIST } from '../../../protocol/engine/explorer.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { figuresOf, type AskedModel } from './asked-model.ts';
import type { NameSequences } from './item-sequences.ts';
import type { ShownQueries } from './shown-queries.ts';

/** A model with what its run's test part asked. */
export interface TestedModel extends AskedModel {
  readonly tests: ShownQueries;
}

export interface QueriesRequest {
  readonly slice?: SliceChoice | undefined;
  readonly outcome: Outcome;
  readonly from: number;
  readonly limit: number;
}

interface Side {
  readonly tested: TestedModel;
  readonly ranks: Int32Array;
}

/**
 * A page of the queries that match, in a seeded random order which is the same for all choices.
 * @throws UserError where a model was not evaluated, or two were asked different queries
 */
export async function testedQueries(
  models: readonly TestedModel[],
  request: QueriesRequest,
  nameSequences: NameSequences,
  signal: AbortSignal,
): Promise<QueriesReply> {
  const [first] = models;
  if (first === undefined) throw new Error('no model was asked');
  requireSameQueries(models);
  const sides = await Promise.all(models.map(withRanks));
  const matching = matchingQueries(first.tests, sides, request);
  const page = matching.slice(request.from, request.from + request.limit);
  const named = await nameSequences([...new Set(page.map((q) => first.tests.sequence(q)))]);
  const queries: TestedQuery[] = [];
  for (const q of page) {
    queries.push(testedQuery(first, sides, q, named));
    await yieldToEventLoop(signal);
  }
  return {
    ...{ matching: matching.length, all: first.tests.count, queries },
    slices: slicesOf(first.tests),
    sides: sides.map(({ tested: { run, model, tests }, ranks }) => ({
      ...{ run, model: model.name, seen: tests.seen },
      hits: matching.reduce((sum, q) => sum + (isHit(ranks[q]) ? 1 : 0), 0),
    })),
  };
}

const isHit = (rank = 0): boolean => rank >= 1 && rank <= HIT_DEPTH;

function requireSameQueries(models: readonly TestedModel[]): void {
  const [a, b] = models;
  if (a === undefined || b === undefined || a.tests.identity === b.tests.identity) return;
  throw new UserError(
    `Runs ${a.run} and ${b.run} were tested on different queries: their data, their splits or their queries differ, so one may have been trained on what the other was tested on.`,
    'Compare models of one run, or of runs on the same data with the same split and positions.',
  );
}

async function withRanks(tested: TestedModel): Promise<Side> {
  const { name, source } = tested.model;
  if ('everything' in source)
    throw new UserError(
      `Model '${name}' has seen the test part, so it cannot be tested on it.`,
      'Choose the model as it was evaluated.',
    );
  const ranks = await tested.tests.ranks(tested.model.name);
  if (ranks === undefined)
    throw new UserError(
      `Model '${tested.model.name}' of run ${tested.run} was not evaluated on the test part.`,
      `Go on with the run: recsys resume ${tested.run}`,
    );
  return { tested, ranks };
}

function matchingQueries(
  tests: ShownQueries,
  sides: readonly Side[],
  { slice, outcome }: QueriesRequest,
): number[] {
  const cut = tests.slices.find((one) => one.slice === slice?.slice);
  const group = cut?.groups.indexOf(slice?.group ?? '') ?? -1;
  const matches = (q: number): boolean =>
    (slice === undefined || cut?.groupOf[q] === group) && isOutcome(outcome, hitsOf(sides, q), sides.length);
  return Array.from(tests.order.filter(matches));
}

function hitsOf(sides: readonly Side[], q: number): number {
  return sides.reduce((sum, { ranks }) => sum + (isHit(ranks[q]) ? 1 : 0), 0);
}

function isOutcome(outcome: Outcome, hits: number, of: number): boolean {
  switch (outcome) {
    case 'any':
      return true;
    case 'allHit':
      return hits === of;
    case 'oneHits':
      return hits === 1;
    case 'allMiss':
      return hits === 0;
  }
}

/** The groups that have queries. */
function slicesOf({ slices }: ShownQueries): QueriesReply['slices'] {
  return slices.flatMap(({ slice, groups, groupOf }) => {
    const counts = groups.map(() => 0);
    for (const group of groupOf) counts[group] = (counts[group] ?? 0) + 1;
    return groups.flatMap((group, at) => {
      const queries = counts[at] ?? 0;
      return queries === 0 ? [] : [{ slice, group, queries }];
    });
  });
}

function testedQuery(
  asked: TestedModel,
  sides: readonly Side[],
  q: number,
  named: ReadonlyMap<number, string>,
): TestedQuery {
  const { tests, names } = asked;
  const query = tests.query(q);
  const target = tests.target(q);
  const sequence = tests.sequence(q);
  return {
    number: q,
    sequence: named.get(sequence) ?? String(sequence),
    newest: Array.from(query.subarray(-LONGEST_LIST), (code) => names.name(code)),
    length: query.length,
    target: figuresOf(asked, target),
    repeated: query.includes(target),
    sides: sides.map(({ tested, ranks }) => sideOf(tested, query, ranks[q] ?? 0)),
  };
}

/** Prepared data of one key have the same codes in all runs. */
function sideOf({ model, names, tests }: TestedModel, query: Int32Array, rank: number): TestedSide {
  const { items } = model.recommender.recommend(query, { k: HIT_DEPTH, seen: tests.seen });
  return { rank, list: Array.from(items, (code) => names.name(code)) };
}
