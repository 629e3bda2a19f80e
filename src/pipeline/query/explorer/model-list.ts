/** What one model answers to a question of the explorer. */
import type { ListedItem, ListFilter, ListQuestion, ModelList } from '../../../protocol/engine/explorer.ts';
import type { RecommendedItem } from '../../../protocol/engine/items.ts';
import type { AllowedItems } from '../../kinds/ranking/allowed-candidates.ts';
import type { Recommendation } from '../../kinds/ranking/recommender.ts';
import { explained, recommendedItem } from '../recommendations.ts';
import { allowedItems, type Allowed } from './allowed-items.ts';
import { figuresOf, type AskedModel } from './asked-model.ts';
import { foldedList, type FoldedItem } from './fold-list.ts';
import { versionKey } from './near-duplicates.ts';

export interface ListRequest {
  readonly question: ListQuestion;
  readonly k: number;
  readonly filter: ListFilter;
}

type Named = Pick<ModelList, 'run' | 'model'>;

export function modelList(asked: AskedModel, request: ListRequest): ModelList {
  const named: Named = { run: asked.run, model: asked.model.name };
  const { question } = request;
  const given = question.kind === 'neighbours' ? [question.item] : question.items;
  const skipped = given.filter((name) => asked.names.code(name) === undefined);
  const known = given.flatMap((name) => asked.names.code(name) ?? []);
  if (known.length === 0) return { ...named, known: false, answeredBy: 'nothing', skipped, items: [] };
  const query = Int32Array.from(known);
  return question.kind === 'neighbours'
    ? neighbourList(asked, named, query, request)
    : recommendedList(asked, { ...named, skipped }, query, { ...request, question });
}

function neighbourList(asked: AskedModel, named: Named, query: Int32Array, request: ListRequest): ModelList {
  const { scorer, recommender } = asked.model;
  const [code = -1] = query;
  const answer = { ...named, skipped: [] };
  if (!scorer.knows(code)) return { ...answer, known: false, answeredBy: 'nothing', items: [] };
  const allowed = allowedItems(asked, request.filter);
  const { list, items } = listed(asked, query, request, (count) =>
    recommender.similar(code, Math.min(count, asked.names.count), allowed.items),
  );
  const shown = items.map((item): ListedItem => {
    const score = list.scores[item.at] ?? 0;
    return { ...listedFigures(asked, item), score, answeredBy: 'model' };
  });
  const answeredBy = shown.length === 0 ? 'nothing' : 'model';
  return { ...answer, ...unknownGroups(allowed), known: true, answeredBy, items: shown };
}

type Recommending = ListRequest & { readonly question: Extract<ListQuestion, { kind: 'recommend' }> };

function recommendedList(
  asked: AskedModel,
  answer: Named & Pick<ModelList, 'skipped'>,
  query: Int32Array,
  request: Recommending,
): ModelList {
  const { keepSeen, explain } = request.question;
  const allowed = allowedItems(asked, request.filter);
  const { list, items } = listed(asked, query, request, (count) =>
    recommend(asked, query, count, keepSeen, allowed.items),
  );
  const codes = Int32Array.from(items, ({ code }) => code);
  const explanation = explain ? asked.model.scorer.explain?.(query, codes) : undefined;
  const shown = items.map((item, place): ListedItem => {
    const found: RecommendedItem = recommendedItem(list, asked.names.name(item.code), item.at);
    return { ...found, ...explained(explanation, place), ...listedFigures(asked, item) };
  });
  const { answeredBy } = list;
  return { ...answer, ...unknownGroups(allowed), known: answeredBy === 'model', answeredBy, items: shown };
}

function unknownGroups({ unknownGroups: unknown }: Allowed): Pick<ModelList, 'unknownGroups'> {
  return unknown.length === 0 ? {} : { unknownGroups: [...unknown] };
}

function recommend(
  { model, names }: AskedModel,
  query: Int32Array,
  count: number,
  keepSeen: boolean,
  allowed: AllowedItems | undefined,
): Recommendation {
  const k = Math.min(count, names.count);
  return model.recommender.recommend(query, { k, seen: keepSeen ? 'kept' : 'removed', allowed });
}

/** The first `k` of a list, folded where that is asked for. */
function listed<L extends { readonly items: Int32Array; readonly scores: Float64Array }>(
  { names }: AskedModel,
  query: Int32Array,
  { k, filter: { fold }, question }: ListRequest,
  fetch: (count: number) => L,
): { readonly list: L; readonly items: readonly FoldedItem[] } {
  if (!fold) {
    const list = fetch(k);
    return { list, items: Array.from(list.items, (code, at) => ({ code, at, versions: [] })) };
  }
  const isSeenShown = question.kind === 'recommend' && question.keepSeen;
  const own = new Set(isSeenShown ? [] : Array.from(query, (code) => versionKey(names.name(code))));
  return foldedList(k, own, (code) => names.name(code), fetch);
}

/** Versions that are told of by name: a catalogue may be versions of a few things. */
const MOST_VERSIONS = 20;

function listedFigures(
  asked: AskedModel,
  { code, versions }: FoldedItem,
): Omit<ListedItem, 'score' | 'answeredBy'> {
  const names = versions.slice(0, MOST_VERSIONS).map((other) => asked.names.name(other));
  const more = versions.length - names.length;
  return {
    ...figuresOf(asked, code),
    ...(names.length === 0 ? {} : { versions: names }),
    ...(more === 0 ? {} : { moreVersions: more }),
  };
}
