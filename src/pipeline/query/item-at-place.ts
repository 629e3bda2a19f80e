import type { HoverReply, ItemAtPlace, PlaceInText, ReadListReply } from '../../protocol/engine.ts';
import { ITEM_SEPARATOR } from '../../protocol/dataset-spec.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenModel } from '../model/open-model.ts';
import { donePausing } from '../pausing.ts';
import { readItem, type Vocabulary } from '../vocabulary/reading/read-item.ts';
import { readList } from '../vocabulary/reading/read-list.ts';
import type { ItemFacts } from './item-facts.ts';
import { neighboursOf } from './neighbours.ts';

/** Spellings that are told of an unknown item. */
const NEAR = 3;
/** Parts of a list that name no item, of which is told. */
const UNKNOWN_TOLD = 20;

/** A model with all that is known of its items. */
export interface KnownModel {
  readonly opened: OpenModel;
  readonly names: ItemNames;
  readonly facts: ItemFacts;
  /** The item's columns, as the data name them. */
  readonly columns: readonly string[];
}

function vocabularyOf(names: ItemNames): Vocabulary {
  const { index } = names;
  return { code: (name) => names.code(name), foldedCode: (name) => index.foldedTwins(name, 1)[0] };
}

/** The item that a place in a text means, with its `k` nearest. */
export function itemAtPlace(model: KnownModel, place: PlaceInText, k: number): HoverReply {
  const { opened, names, columns } = model;
  const found = readItem({ ...place, columns }, vocabularyOf(names));
  return { ...opened.source, model: opened.name, items: names.count, at: told(model, found, k) };
}

function told(model: KnownModel, found: ReturnType<typeof readItem>, k: number): ItemAtPlace {
  if (found === undefined) return { kind: 'nothing' };
  const { from, to } = found;
  if ('unknown' in found) {
    const near = model.names.search(found.unknown, NEAR).map(({ code }) => model.names.name(code));
    return { kind: 'unknown', from, to, name: found.unknown, near };
  }
  const { item, trainRows, rank } = model.facts.of(found.code);
  return {
    kind: 'item',
    from,
    to,
    item,
    trainRows,
    rank,
    folded: found.isFolded,
    ...nearest(model, item, k),
  };
}

function nearest({ opened, names }: KnownModel, item: string, k: number) {
  try {
    return { neighbours: neighboursOf(opened, names, item, k).neighbours };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { neighbours: [], noNeighbours: error.message };
  }
}

/** The items that a selected text names. */
export async function itemsOfText(
  { opened, names, columns }: KnownModel,
  given: { readonly text: string; readonly header?: string | undefined },
  signal: AbortSignal,
): Promise<ReadListReply> {
  const work = readList({ ...given, columns }, vocabularyOf(names));
  const { codes, unknown, isTruncated } = await donePausing(work, signal);
  return {
    ...opened.source,
    model: opened.name,
    items: codes.map((code) => names.name(code)),
    unknown: unknown.filter((name) => name !== ITEM_SEPARATOR).slice(0, UNKNOWN_TOLD),
    truncated: isTruncated,
  };
}
