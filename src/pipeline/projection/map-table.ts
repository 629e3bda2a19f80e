/** What a map shows of its items besides their places. */
import { ITEM_SEPARATOR } from '../../protocol/dataset-spec.ts';
import type { MapItemsReply } from '../../protocol/engine/projections.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenModel } from '../model/open-model.ts';
import { base64 } from './base64.ts';
import type { MapVectors } from './map-vectors.ts';

export interface MapTable {
  readonly names: readonly string[];
  /** Training rows of each row's item. */
  readonly counts: Uint32Array;
  readonly groups?: { readonly ofRow: Int32Array; readonly part?: number };
}

export function mapTable({ catalogue }: OpenModel, names: ItemNames, { items }: MapVectors): MapTable {
  const { trainCounts, itemGroups } = catalogue;
  const texts = Array.from(items, (item) => names.name(item));
  const table = { names: texts, counts: Uint32Array.from(items, (item) => trainCounts[item] ?? 0) };
  if (itemGroups === undefined) return table;
  const ofRow = items.map((item) => itemGroups[item] ?? -1);
  const part = groupPart(texts, ofRow);
  return { ...table, groups: { ofRow, ...(part === undefined ? {} : { part }) } };
}

/** The part of the names that is the group's: all items of a group have it in common, and no two groups do. */
function groupPart(names: readonly string[], ofRow: Int32Array): number | undefined {
  const parts = (names[0] ?? '').split(ITEM_SEPARATOR).length;
  if (parts < 2) return undefined;
  const texts = Array.from({ length: parts }, () => new Map<number, string>());
  const possible = new Set(texts.keys());
  for (const [row, name] of names.entries()) {
    const group = ofRow[row] ?? -1;
    if (group < 0) continue;
    const words = name.split(ITEM_SEPARATOR);
    for (const part of possible) {
      const known = texts[part]?.get(group);
      const word = words[part] ?? '';
      if (known === undefined) texts[part]?.set(group, word);
      else if (known !== word) possible.delete(part);
    }
  }
  return [...possible].find((part) => {
    const words = [...(texts[part]?.values() ?? [])];
    return words.length > 0 && new Set(words).size === words.length;
  });
}

interface Told {
  readonly run: string;
  readonly label?: string | undefined;
}

/** Rows from one on: at most so many, and as many as their names leave room. */
export interface RowsAsked {
  readonly from: number;
  readonly rows: number;
  readonly nameBytes: number;
}

export const ALL_ROWS: RowsAsked = { from: 0, rows: Infinity, nameBytes: Infinity };

/** Names of the rows that are asked for, in UTF-8; at least one, where there is one. */
function namesFrom(names: readonly string[], { from, rows, nameBytes }: RowsAsked): Buffer[] {
  const texts: Buffer[] = [];
  let bytes = 0;
  for (let row = from; row < names.length && texts.length < rows; row++) {
    const text = Buffer.from(names[row] ?? '', 'utf8');
    bytes += text.length;
    if (bytes > nameBytes && texts.length > 0) break;
    texts.push(text);
  }
  return texts;
}

/** The same as it travels. */
export function mapItemsReply(
  { run, label }: Told,
  { name, kind, catalogue }: OpenModel,
  { items, dimension, withoutDirection }: MapVectors,
  { names, counts, groups }: MapTable,
  asked: RowsAsked,
): MapItemsReply {
  const { from } = asked;
  const texts = namesFrom(names, asked);
  const to = from + texts.length;
  let end = 0;
  const ends = Uint32Array.from(texts, ({ length }) => (end += length));
  const known = catalogue.known.reduce((sum, one) => sum + one, 0);
  return {
    run,
    ...(label === undefined ? {} : { label }),
    model: name,
    kind,
    dimension,
    items: items.length,
    withoutVector: Math.max(0, known - items.length - withoutDirection),
    withoutDirection,
    from,
    codes: base64(items.subarray(from, to)),
    names: base64(Buffer.concat(texts)),
    nameEnds: base64(ends),
    counts: base64(counts.subarray(from, to)),
    ...(groups === undefined
      ? {}
      : {
          groups: {
            codes: base64(groups.ofRow.subarray(from, to)),
            ...(groups.part === undefined ? {} : { part: groups.part }),
          },
        }),
  };
}
