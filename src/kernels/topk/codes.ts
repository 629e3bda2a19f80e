// Sums of products of small integers: the coarse score of many rows for the price of a few.
//
// Relaxed SIMD multiplies 16 pairs of 8-bit numbers an instruction, plain SIMD 8 pairs of 16-bit ones. Either way a code
// word of 32 bits holds neighbouring dimensions of one vector (4 or 2), four rows lie side by side in a SIMD vector, and
// 8 rows make a group: all their first words, all their second words, … The sums are exact integers in both builds.

/** Rows whose codes are interleaved. */
export const GROUP: i32 = 8;

/** Dimensions of a code word. */
export function dimensionsPerWord(): i32 {
  return ASC_FEATURE_RELAXED_SIMD ? 4 : 2;
}

// @ts-ignore: decorator
@inline
function accumulate(sum: v128, query: v128, rows: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(query, rows, sum);
  return i32x4.add(sum, i32x4.dot_i16x8_s(query, rows));
}

// @ts-ignore: decorator
@inline
function above(sum: v128, limit: i32): v128 {
  return i32x4.gt_s(sum, i32x4.splat(limit));
}

/** One bit a row: which of 8 rows have a sum above the limit. */
// @ts-ignore: decorator
@inline
function bitsAbove(low: v128, high: v128, limit: i32): i32 {
  return i32x4.bitmask(above(low, limit)) | (i32x4.bitmask(above(high, limit)) << 4);
}

/** Compares one query with one group; returns one bit a row. */
// @ts-ignore: decorator
@inline
export function passesOne(query: usize, group: usize, words: i32, limit: i32): i32 {
  let low = i32x4.splat(0),
    high = low;
  const end = query + ((<usize>words) << 2);
  for (; query < end; query += 4, group += 32) {
    const q = v128.load32_splat(query);
    low = accumulate(low, q, v128.load(group));
    high = accumulate(high, q, v128.load(group, 16));
  }
  return bitsAbove(low, high, limit);
}

/**
 * Compares four queries, whose codes follow each other, with one group.
 * @param limits four limits
 * @returns bit 8·q + r is set when row r passes query q
 */
// @ts-ignore: decorator
@inline
export function passesFour(query: usize, group: usize, words: i32, limits: usize): i32 {
  const codeBytes = (<usize>words) << 2;
  const query1 = query + codeBytes,
    query2 = query1 + codeBytes,
    query3 = query2 + codeBytes;
  let a0 = i32x4.splat(0),
    a1 = a0,
    b0 = a0,
    b1 = a0,
    c0 = a0,
    c1 = a0,
    d0 = a0,
    d1 = a0;
  for (let at: usize = 0; at < codeBytes; at += 4, group += 32) {
    const low = v128.load(group),
      high = v128.load(group, 16);
    let q = v128.load32_splat(query + at);
    a0 = accumulate(a0, q, low);
    a1 = accumulate(a1, q, high);
    q = v128.load32_splat(query1 + at);
    b0 = accumulate(b0, q, low);
    b1 = accumulate(b1, q, high);
    q = v128.load32_splat(query2 + at);
    c0 = accumulate(c0, q, low);
    c1 = accumulate(c1, q, high);
    q = v128.load32_splat(query3 + at);
    d0 = accumulate(d0, q, low);
    d1 = accumulate(d1, q, high);
  }
  const limitA = load<i32>(limits),
    limitB = load<i32>(limits, 4),
    limitC = load<i32>(limits, 8),
    limitD = load<i32>(limits, 12);
  const any = v128.or(
    v128.or(above(i32x4.max_s(a0, a1), limitA), above(i32x4.max_s(b0, b1), limitB)),
    v128.or(above(i32x4.max_s(c0, c1), limitC), above(i32x4.max_s(d0, d1), limitD)),
  );
  if (!v128.any_true(any)) return 0;
  return (
    bitsAbove(a0, a1, limitA) |
    (bitsAbove(b0, b1, limitB) << 8) |
    (bitsAbove(c0, c1, limitC) << 16) |
    (bitsAbove(d0, d1, limitD) << 24)
  );
}
