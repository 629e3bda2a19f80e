/** The sequences of a run that an item stands in. */
import type { EngineReply } from '../../../protocol/engine.ts';
import type { ItemSequence, SequencePart } from '../../../protocol/engine/explorer.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { ItemNames } from '../../model/item-names.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';

/** Items shown before and after the item's place. */
const AROUND = 4;
/** Rows looked through between two looks at whether anybody still waits. */
const STRETCH = 1 << 24;

/** Where an item stands: the sequence, its first place in it, and how often it is in it. */
interface Standing {
  readonly sequence: number;
  readonly place: number;
  times: number;
}

export interface SequencesRequest {
  readonly item: string;
  readonly part?: SequencePart | undefined;
  readonly from: number;
  readonly limit: number;
}

/** Tells the names of some sequences, by index. */
export type NameSequences = (indices: readonly number[]) => Promise<ReadonlyMap<number, string>>;

type Reply = Omit<EngineReply<'explorer/sequences'>, 'run'>;

/** @throws UserError when no item has this name */
export async function itemSequences(
  data: PreparedData,
  names: ItemNames,
  { item, part, from, limit }: SequencesRequest,
  nameSequences: NameSequences,
  signal: AbortSignal,
): Promise<Reply> {
  const found = await standings(data, names.require(item), signal);
  const wanted = part === undefined ? found : found.filter(({ sequence }) => isIn(data, sequence, part));
  const page = wanted.slice(from, from + limit);
  const named = await nameSequences(page.map(({ sequence }) => sequence));
  const sequences = page.map((standing) =>
    shown(data, names, standing, named.get(standing.sequence) ?? String(standing.sequence)),
  );
  return { total: wanted.length, sequences };
}

async function standings(
  { sequences: { items, offsets } }: PreparedData,
  code: number,
  signal: AbortSignal,
): Promise<Standing[]> {
  const found: Standing[] = [];
  let sequence = 0;
  for (let start = 0; start < items.length; start += STRETCH) {
    const stretch = items.subarray(start, start + STRETCH);
    for (let at = stretch.indexOf(code); at >= 0; at = stretch.indexOf(code, at + 1)) {
      const row = start + at;
      while ((offsets[sequence + 1] ?? Infinity) <= row) sequence++;
      const last = found.at(-1);
      if (last?.sequence === sequence) last.times++;
      else found.push({ sequence, place: row - (offsets[sequence] ?? 0), times: 1 });
    }
    await yieldToEventLoop(signal);
  }
  return found;
}

function partOf({ layout }: PreparedData, sequence: number): ItemSequence['part'] {
  if (layout.leaveOneOut) return 'all';
  if (sequence < layout.train) return 'train';
  return sequence < layout.train + layout.validation ? 'validation' : 'test';
}

function isIn(data: PreparedData, sequence: number, part: SequencePart): boolean {
  const own = partOf(data, sequence);
  return own === 'all' || own === part;
}

function shown(
  { sequences: { items, offsets }, ...data }: PreparedData,
  names: ItemNames,
  { sequence, place, times }: Standing,
  name: string,
): ItemSequence {
  const first = offsets[sequence] ?? 0;
  const length = (offsets[sequence + 1] ?? first) - first;
  const from = Math.max(0, Math.min(place - AROUND, length - (2 * AROUND + 1)));
  const around = items.subarray(first + from, first + Math.min(length, from + 2 * AROUND + 1));
  const part = partOf({ sequences: { items, offsets }, ...data }, sequence);
  return { name, part, length, place, times, from, items: Array.from(around, (code) => names.name(code)) };
}
