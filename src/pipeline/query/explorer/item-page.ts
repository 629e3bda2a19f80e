import type { ItemPage } from '../../../protocol/engine/explorer.ts';
import type { ItemNames } from '../../model/item-names.ts';
import { figuresOf, type AskedModel } from './asked-model.ts';
import { versionKey, withoutVersion } from './near-duplicates.ts';

/** Versions that are told of, at most. */
const MOST_VERSIONS = 20;
/** Names that are looked at for them, the likeliest. */
const LIKELY = 200;

/**
 * What is known of an item before anything is asked of the model.
 * @throws UserError, with near names, when no item has this name
 */
export function itemPage(asked: AskedModel, item: string): ItemPage {
  const { run, model, names, groups } = asked;
  const code = names.require(item);
  const groupItems = groups.size(code);
  return {
    ...{ run, model: model.name, ...figuresOf(asked, code) },
    rankedItems: model.recommender.popularity.items.length,
    ...(groupItems === undefined ? {} : { groupItems }),
    versions: versionsOf(names, code).map((other) => figuresOf(asked, other)),
  };
}

/** Codes of an item's near-duplicates, among the items whose names hold its own without what says a version. */
function versionsOf(names: ItemNames, code: number): number[] {
  const own = names.name(code);
  const key = versionKey(own);
  const alike = names.suggest(withoutVersion(own), LIKELY).flatMap((name) => names.code(name) ?? []);
  return alike
    .filter((other) => other !== code && versionKey(names.name(other)) === key)
    .slice(0, MOST_VERSIONS);
}
