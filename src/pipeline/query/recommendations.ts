import type { RecommendedItem, RecommendReply } from '../../protocol/engine.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { Explanation } from '../kinds/ranking/explanation.ts';
import type { Recommendation } from '../kinds/ranking/recommender.ts';
import { requireCount, requireNames } from './check-arguments.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenModel } from '../model/open-model.ts';

/** Unknown names an error suggests others for; of more it gives the number. */
const NAMED = 10;

export interface RecommendationQuery {
  /** Names, the oldest first, the newest last. */
  readonly items: readonly string[];
  readonly k: number;
  /** Whether items of the query may be recommended. */
  readonly keepSeen: boolean;
  /** Leaves names out that no item has, instead of refusing the query. */
  readonly skipUnknown: boolean;
  /** Says why each item is there, where the model can tell. */
  readonly explain?: boolean | undefined;
}

/**
 * The items a model recommends after a list of items, by its own way to make a query of them. Where it knows none of
 * them, popularity answers, and the reply says so; where it fills up the model's own list, each item says so.
 * @throws UserError when there is no item, or names that no item has
 */
export function recommendationsFor(
  model: OpenModel,
  names: ItemNames,
  { items, k, keepSeen, skipUnknown, explain = false }: RecommendationQuery,
): RecommendReply {
  requireCount(k, 'items');
  requireNames('The items', items);
  if (items.length === 0)
    throw new UserError('There is no item to go on from.', 'Name at least one, the newest last.', {
      exitCode: EXIT.usage,
    });
  const unknown = items.filter((item) => names.code(item) === undefined);
  if (unknown.length > 0 && !skipUnknown) throw unknownItems(unknown, names);
  const query = items.filter((item) => names.code(item) !== undefined);
  const codes = Int32Array.from(query, (item) => names.require(item));
  const found = model.recommender.recommend(codes, {
    k: Math.min(k, names.count),
    seen: keepSeen ? 'kept' : 'removed',
  });
  const explanation = explain ? model.scorer.explain?.(codes, found.items.slice()) : undefined;
  return {
    ...model.source,
    model: model.name,
    query,
    ...(unknown.length === 0 ? {} : { skipped: unknown }),
    answeredBy: found.answeredBy,
    asked: k,
    recommendations: Array.from(found.items, (item, i) => ({
      ...recommendedItem(found, names.name(item), i),
      ...explained(explanation, i),
    })),
  };
}

export function recommendedItem(
  { scores, popularFrom }: Recommendation,
  item: string,
  place: number,
): RecommendedItem {
  const score = scores[place] ?? NaN;
  return {
    item,
    score: Number.isNaN(score) ? null : score,
    answeredBy: place < popularFrom ? 'model' : 'popularity',
  };
}

export function explained(
  explanation: Explanation | undefined,
  place: number,
): Pick<RecommendedItem, 'parts' | 'facts'> {
  const item = explanation?.items[place];
  if (explanation === undefined || item === undefined) return {};
  const parts = explanation.groups.map((group, at): [string, number] => [group, item.parts[at] ?? 0]);
  return { ...(parts.length === 0 ? {} : { parts: Object.fromEntries(parts) }), facts: [...item.facts] };
}

function unknownItems(unknown: readonly string[], names: ItemNames): UserError {
  const distinct = [...new Set(unknown)];
  const [first = ''] = distinct;
  if (distinct.length === 1) return names.unknown(first);
  const named = distinct.slice(0, NAMED).map((name) => `'${name}'`);
  const more = distinct.length > NAMED ? ` and ${distinct.length - NAMED} more` : '';
  const hints = distinct.slice(0, NAMED).flatMap((name) => {
    const [near] = names.suggest(name, 1);
    return near === undefined ? [] : [`${near} for '${name}'`];
  });
  const meant = hints.length === 0 ? '' : `Did you mean: ${hints.join(' · ')}? `;
  return new UserError(
    `No items are called ${named.join(', ')}${more}.`,
    `${meant}Names are typed as in the data, their columns joined by |||; --skip-unknown leaves unknown ones out.`,
    { exitCode: EXIT.notFound },
  );
}
