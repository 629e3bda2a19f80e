/** Lists of one model or of two, which are then told of each other. */
import type { ListedItem, ListReply, ModelList, ModelReference } from '../../../protocol/engine/explorer.ts';
import { messageOf, UserError } from '../../../protocol/user-error.ts';
import type { AskedModel } from './asked-model.ts';
import { modelList, type ListRequest } from './model-list.ts';
import { versionKey } from './near-duplicates.ts';

/** How far down the other model's list an item is looked for. */
const DEPTH = 100;

/** A model that is to answer. */
export interface AskedSide {
  readonly asked: ModelReference;
  /** @throws UserError also where the run is gone, or no model of it answers */
  open(): Promise<AskedModel>;
}

/**
 * What each model answers. Of two, one that cannot answer does not keep the other from it.
 * @throws UserError where the only one cannot answer
 */
export async function listReply(
  sides: readonly AskedSide[],
  request: ListRequest,
  signal: AbortSignal,
): Promise<ListReply> {
  const isPair = sides.length === 2;
  const deep: ModelList[] = [];
  for (const side of sides) {
    signal.throwIfAborted();
    const asked = isPair ? { ...request, k: Math.max(request.k, DEPTH) } : request;
    deep.push(isPair ? await answerOrFailure(side, asked) : modelList(await side.open(), asked));
  }
  const depth = Math.max(request.k, DEPTH);
  const [a, b] = deep;
  if (a === undefined || b === undefined) return { lists: deep, depth };
  // A list that is not there says nothing of the other: its items would all count as alone.
  if (a.failure !== undefined || b.failure !== undefined)
    return { lists: deep.map((list) => ({ ...list, items: list.items.slice(0, request.k) })), depth };
  const identity = request.filter.fold ? versionKey : (name: string): string => name;
  const lists = [beside(a, b, request.k, identity), beside(b, a, request.k, identity)];
  const shown = new Set(lists[1]?.items.map(({ item }) => identity(item)));
  const shared = lists[0]?.items.filter(({ item }) => shown.has(identity(item))).length ?? 0;
  return { lists, shared, depth };
}

async function answerOrFailure(side: AskedSide, request: ListRequest): Promise<ModelList> {
  try {
    return modelList(await side.open(), request);
  } catch (error) {
    const hint = error instanceof UserError ? error.hint : '';
    const failure = { message: messageOf(error), hint };
    const { run = '', model = '' } = side.asked;
    return { run, model, known: false, answeredBy: 'nothing', skipped: [], items: [], failure };
  }
}

/** The first `k` of a list, each with its place in another. */
export function beside(
  list: ModelList,
  other: ModelList,
  k: number,
  identity: (name: string) => string,
): ModelList {
  const places = new Map<string, number>();
  other.items.forEach(({ item }, at) => {
    const key = identity(item);
    if (!places.has(key)) places.set(key, at + 1);
  });
  const items = list.items.slice(0, k).map((item): ListedItem => {
    const place = places.get(identity(item.item));
    return { ...item, ...(place === undefined ? {} : { other: place }) };
  });
  return { ...list, items };
}
