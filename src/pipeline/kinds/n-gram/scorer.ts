import { log } from '../../deterministic-math.ts';
import type { Occurrences } from '../fitting/occurrences.ts';
import type { ItemSignals, SparseScorer } from '../ranking/scorer.ts';
import { factsAlone } from '../ranking/explanation.ts';
import { followFacts } from './facts.ts';
import { NextCounter, type NextCounts } from './next-counts.ts';
import type { NGramParameters } from './parameters.ts';

const SIGNALS = [
  'weighted share',
  'share after one',
  'share after two',
  'share after three',
  'count',
] as const;

/** Score of item j: its weighted count as the next item where the newest item of the query stood. */
export function nGramScorer(occurrences: Occurrences, parameters: NGramParameters): SparseScorer {
  const { itemCount, items, ends, offsets, positions } = occurrences;
  const counter = new NextCounter(occurrences, parameters);
  const recommended = new Uint8Array(itemCount);
  const followed = new Uint8Array(itemCount);
  for (let item = 0; item < itemCount; item++)
    for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0); at++) {
      const next = (positions[at] ?? 0) + 1;
      if (next >= (ends[next - 1] ?? 0)) continue;
      followed[item] = 1;
      recommended[items[next] ?? 0] = 1;
    }
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
  return {
    names: SIGNALS,
    gates: ['support of the last two items'],
    of(query, candidates, out, gates) {
      // Whoever asks for signals has mostly asked for candidates just before.
      const counts = counter.countOnce(query);
      gates[0] = log(1 + counts.totals.orders[1]);
      for (let i = 0; i < candidates.length; i++)
        fillSignals(counts, candidates[i] ?? -1, out.subarray(i * SIGNALS.length, (i + 1) * SIGNALS.length));
    },
  };
}

function fillSignals({ set, orders, totals }: NextCounts, item: number, out: Float32Array): void {
  const slot = set.slotOf[item] ?? -1;
  if (slot < 0) {
    out.fill(0);
    return;
  }
  const share = (order: 0 | 1 | 2): number => (orders[order][slot] ?? 0) / (totals.orders[order] + 1);
  out[0] = log(1 + (1000 * (set.scores[slot] ?? 0)) / (totals.weighted + 1));
  out[1] = log(1 + 1000 * share(0));
  out[2] = log(1 + 30 * share(1));
  out[3] = log(1 + 30 * share(2));
  out[4] = log(1 + (orders[0][slot] ?? 0));
}
