import type { NeighbourReply } from '../../protocol/engine.ts';
import { UserError } from '../../protocol/user-error.ts';
import { requireCount, requireText } from './check-arguments.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenModel } from '../model/open-model.ts';

/**
 * The items a model puts nearest to one item, which is itself left out: by its vectors where it has some (those that
 * `client.vectors()` gives), else its own ranking for the query that holds only this item. Fewer than `k` where the model
 * relates fewer to it.
 * @throws UserError for a bad argument, or when no item has this name, or the model does not know it
 */
export function neighboursOf(model: OpenModel, names: ItemNames, item: string, k: number): NeighbourReply {
  requireText('The item', item);
  requireCount(k, 'neighbours');
  const code = names.require(item);
  if (!model.scorer.knows(code)) {
    const rows = model.catalogue.trainCounts[code] ?? 0;
    throw new UserError(
      `Model '${model.name}' does not know '${item}': ${rows === 0 ? 'it has no training rows.' : `its ${rows} training ${rows === 1 ? 'row is' : 'rows are'} too few for the model, or no other item stands beside them.`}`,
      'Ask another model with --model, or train one with a smaller --min-count.',
    );
  }
  const { items, scores } = model.recommender.similar(code, Math.min(k, names.count));
  const neighbours = Array.from(items, (neighbour, i) => ({
    item: names.name(neighbour),
    score: scores[i] ?? 0,
  }));
  return { ...model.source, model: model.name, query: item, asked: k, neighbours };
}
