import type { PreparedData } from '../../data/prepared-data.ts';

/**
 * Prepared data without their test part, so that no trial can read it, by design or by mistake. By leave-one-out the
 * test target of each sequence is overwritten by the sequence's first item.
 */
export function withoutTest(data: PreparedData): PreparedData {
  const { layout, sequences, sequenceClusters } = data;
  const { items, offsets } = sequences;
  if (layout.leaveOneOut) return { ...data, sequences: { items: blinded(items, offsets), offsets } };
  const kept = layout.train + layout.validation;
  return {
    ...data,
    layout: { ...layout, test: 0 },
    sequences: { items: items.slice(0, offsets[kept] ?? 0), offsets: offsets.slice(0, kept + 1) },
    ...(sequenceClusters === undefined ? {} : { sequenceClusters: sequenceClusters.slice(0, kept) }),
  };
}

function blinded(items: Int32Array, offsets: Uint32Array): Int32Array {
  const blind = items.slice();
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [first = 0, end = 0] = offsets.subarray(s, s + 2);
    if (end > first) blind[end - 1] = blind[first] ?? 0;
  }
  return blind;
}
