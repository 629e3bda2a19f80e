// How often queries of each rank are drawn, for eight resamples at a time.

/**
 * Sums the weights of the hits of each rank, 1 … `ranks`.
 * @param hits u32 each: the sequence of a hit; those of rank r are `starts[r]` … `starts[r + 1] - 1`
 * @param weights eight u16 a sequence: how often it is drawn in each resample
 * @param out eight u32 a rank, from rank 0 on, which is left as it is
 */
export function drawnByRank(hits: usize, starts: usize, ranks: i32, weights: usize, out: usize): void {
  for (let rank = 1; rank <= ranks; ++rank) {
    const bounds = starts + (<usize>rank << 2);
    const end = hits + (<usize>load<u32>(bounds, 4) << 2);
    let low = i32x4.splat(0);
    let high = low;
    for (let at = hits + (<usize>load<u32>(bounds) << 2); at < end; at += 4) {
      const eight = v128.load(weights + (<usize>load<u32>(at) << 4));
      low = i32x4.add(low, i32x4.extend_low_i16x8_u(eight));
      high = i32x4.add(high, i32x4.extend_high_i16x8_u(eight));
    }
    v128.store(out + (<usize>rank << 5), low);
    v128.store(out + (<usize>rank << 5), high, 16);
  }
}

/**
 * Sums the weights of all queries.
 * @param counts u32 each: queries of a sequence
 * @param out eight u32
 */
export function drawnInAll(counts: usize, sequences: i32, weights: usize, out: usize): void {
  let low = i32x4.splat(0);
  let high = low;
  const end = counts + (<usize>sequences << 2);
  for (let at = counts; at < end; at += 4, weights += 16) {
    const count = v128.load32_splat(at);
    const eight = v128.load(weights);
    low = i32x4.add(low, i32x4.mul(count, i32x4.extend_low_i16x8_u(eight)));
    high = i32x4.add(high, i32x4.mul(count, i32x4.extend_high_i16x8_u(eight)));
  }
  v128.store(out, low);
  v128.store(out, high, 16);
}
