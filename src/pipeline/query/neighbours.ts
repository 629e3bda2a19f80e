import type { NeighbourReply } from '../../protocol/engine.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { ItemNames } from './item-names.ts';
import type { OpenModel } from './open-model.ts';

/**
 * The items a model puts nearest to one item, which is itself left out: by its vectors where it has some (those that
 * `client.vectors()` gives), else its ranking for the query that holds only this item.
 * @throws UserError when no item has this name, or the model does not know it
 */
export function neighboursOf(model: OpenModel, names: ItemNames, item: string, k: number): NeighbourReply {
  if (!(k >= 1)) throw new UserError(`${k} neighbours cannot be shown.`, 'Ask for at least one.');
  const code = names.require(item);
  if (!model.scorer.knows(code)) {
    throw new UserError(
      `Model '${model.name}' does not know '${item}': it has ${model.data.trainCounts[code] ?? 0} training rows, fewer than the model's minimum.`,
      'Ask another model with --model, or train one with a smaller --min-count.',
    );
  }
  const { items, scores } = model.recommender.similar(code, k);
  const neighbours = Array.from(items, (neighbour, i) => ({
    item: names.name(neighbour),
    score: scores[i] ?? 0,
  }));
  return { run: model.run.id, model: model.name, query: item, neighbours };
}
