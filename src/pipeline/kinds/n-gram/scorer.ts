import { log } from '../../deterministic-math.ts';
import type { Occurrences } from '../fitting/occurrences.ts';
import type { ItemSignals, SparseScorer } from '../ranking/scorer.ts';
import { factsAlone } from '../ranking/explanation.ts';
import { followFacts } from './facts.ts';
import { NextCounter, type NextCounts } from './next-counts.ts';
import type { NGramParameters } from './parameters.ts';

/** Names of what the kernel tells beside its score, in their order. */
export const N_GRAM_SIGNALS = [
  'weighted share',
  'share after one',
  'share after two',
  'share after three',
  'count',
] as const;
export const N_GRAM_GATES = ['support of the last two items'] as const;

/** What shares are multiplied by before the logarithm: that of the weighted count, then those after one, two and three items. */
export const SHARE_SCALES = { weighted: 1000, after: [1000, 30, 30] } as const;

/** By item: 1 for each that something follows, and for each that follows something. */
export function followingItems({ itemCount, items, ends }: Occurrences): {
  readonly followed: Uint8Array;
  readonly recommended: Uint8Array;
} {
  const recommended = new Uint8Array(itemCount);
  const followed = new Uint8Array(itemCount);
  items.forEach((item, place) => {
    if (place + 1 >= (ends[place] ?? 0)) return;
    followed[item] = 1;
    recommended[items[place + 1] ?? 0] = 1;
  });
  return { followed, recommended };
}

/** Score of item j: its weighted count as the next item where the newest item of the query stood. */
export function nGramScorer(occurrences: Occurrences, parameters: NGramParameters): SparseScorer {
  const counter = new NextCounter(occurrences, parameters);
  const { followed, recommended } = followingItems(occurrences);
  return {
    shape: 'sparse',
    vocabulary: recommended.reduce((sum, bit) => sum + bit, 0),
    knows: (item) => followed[item] === 1,
    recommends: (item) => recommended[item] === 1,
    queryRules: ['decayed-list', 'last-item'],
    candidates(query, rule) {
      const { set } = counter.count(rule === 'last-item' ? query.subarray(-1) : query);
      return set.count === 0 ? undefined : set;
    },
    signals: signalsOf(counter),
    explain: (query, candidates) => factsAlone(followFacts(counter.count(query), candidates)),
  };
}

function signalsOf(counter: NextCounter): ItemSignals {
  const width = N_GRAM_SIGNALS.length;
  return {
    names: N_GRAM_SIGNALS,
    gates: N_GRAM_GATES,
    of(query, candidates, out, gates) {
      // Whoever asks for signals has mostly asked for candidates just before.
      const counts = counter.countOnce(query);
      gates[0] = log(1 + counts.totals.orders[1]);
      out.fill(0, 0, candidates.length * width);
      const { slotOf } = counts.set;
      for (let i = 0; i < candidates.length; i++) {
        const slot = slotOf[candidates[i] ?? -1] ?? -1;
        if (slot >= 0) fillSignals(counts, slot, out, i * width);
      }
    },
  };
}

function fillSignals(
  { set, orders, totals }: NextCounts,
  slot: number,
  out: Float32Array,
  from: number,
): void {
  const { weighted, after } = SHARE_SCALES;
  out[from] = log(1 + (weighted * (set.scores[slot] ?? 0)) / (totals.weighted + 1));
  for (let order = 0; order < orders.length; order++) {
    const count = orders[order]?.[slot] ?? 0;
    if (count === 0) continue;
    const share = count / ((totals.orders[order] ?? 0) + 1);
    out[from + order + 1] = log(1 + (after[order] ?? 0) * share);
  }
  out[from + 4] = log(1 + (orders[0][slot] ?? 0));
}
