// Sums of products of small integers: the coarse score of many rows for the price of a few.
//
// A code has 8 bits a dimension; a word of it holds 4 neighbouring dimensions. Rows make groups of 8: all their first words,
// side by side, all their second words, … Relaxed SIMD multiplies 16 pairs an instruction; its rows are unsigned numbers of
// 7 bits, its queries have 8 bits. Plain SIMD widens 8 codes of rows at a time and multiplies them by queries of 16 bits.
// The sums are exact integers in both builds.

/** Rows whose codes are interleaved. */
export const GROUP: i32 = 8;

/** Bytes of a dimension of a query's code. */
export function queryCodeBytes(): i32 {
  return ASC_FEATURE_RELAXED_SIMD ? 1 : 2;
}

/** Bytes of a query's code. */
// @ts-ignore: decorator
@inline
export function queryBytes(words: i32): usize {
  return ASC_FEATURE_RELAXED_SIMD ? (<usize>words) << 2 : (<usize>words) << 3;
}

/** A word of a query, as often as rows are multiplied by it at a time. */
// @ts-ignore: decorator
@inline
function spread(query: usize): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.load32_splat(query) : v128.load64_splat(query);
}

/** Adds the products with codes of rows: four rows in relaxed SIMD, in plain SIMD two, of two sums each. */
// @ts-ignore: decorator
@inline
function accumulate(sum: v128, query: v128, rows: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(query, rows, sum);
  return i32x4.add(sum, i32x4.dot_i16x8_s(query, rows));
}

/** The same with the first two rows of those at `rows`, in plain SIMD. */
// @ts-ignore: decorator
@inline
function addTwo(sum: v128, query: v128, rows: usize): v128 {
  return accumulate(sum, query, v128.load8x8_s(rows));
}

/** One sum a row, of two sums each of rows 0, 1 and of rows 2, 3. */
// @ts-ignore: decorator
@inline
function fold(first: v128, second: v128): v128 {
  return i32x4.add(
    v128.shuffle<i32>(first, second, 0, 2, 4, 6),
    v128.shuffle<i32>(first, second, 1, 3, 5, 7),
  );
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

// @ts-ignore: decorator
@inline
function storeTwo(out: usize, low: v128, high: v128): void {
  v128.store(out, low);
  v128.store(out, high, 16);
}

/** The same; where there are any, the 8 sums are written to `out`. */
// @ts-ignore: decorator
@inline
function bitsWithSums(low: v128, high: v128, limit: i32, out: usize): i32 {
  const bits = bitsAbove(low, high, limit);
  if (bits != 0) storeTwo(out, low, high);
  return bits;
}

// @ts-ignore: decorator
@inline
function passesOneRelaxed(query: usize, group: usize, words: i32, limit: i32, sums: usize): i32 {
  let low = i32x4.splat(0),
    high = low;
  const end = query + queryBytes(words);
  for (; query < end; query += 4, group += 32) {
    const q = spread(query);
    low = accumulate(low, q, v128.load(group));
    high = accumulate(high, q, v128.load(group, 16));
  }
  return bitsWithSums(low, high, limit, sums);
}

// @ts-ignore: decorator
@inline
function passesOnePlain(query: usize, group: usize, words: i32, limit: i32, sums: usize): i32 {
  let a = i32x4.splat(0),
    b = a,
    c = a,
    d = a;
  const end = query + queryBytes(words),
    even = query + queryBytes(words & ~1);
  // Two words a turn: the loop itself costs as much as a product.
  for (; query < even; query += 16, group += 64) {
    let q = spread(query);
    a = addTwo(a, q, group);
    b = addTwo(b, q, group + 8);
    c = addTwo(c, q, group + 16);
    d = addTwo(d, q, group + 24);
    q = spread(query + 8);
    a = addTwo(a, q, group + 32);
    b = addTwo(b, q, group + 40);
    c = addTwo(c, q, group + 48);
    d = addTwo(d, q, group + 56);
  }
  if (query < end) {
    const q = spread(query);
    a = addTwo(a, q, group);
    b = addTwo(b, q, group + 8);
    c = addTwo(c, q, group + 16);
    d = addTwo(d, q, group + 24);
  }
  return bitsWithSums(fold(a, b), fold(c, d), limit, sums);
}

/** Bytes of the sums of a group. */
export const SUM_BYTES: usize = 32;

/** Groups that one query meets at a time: as many as have sums that stay in registers. */
// @ts-ignore: decorator
@inline
export const TOGETHER: i32 = ASC_FEATURE_RELAXED_SIMD ? 4 : 2;

// @ts-ignore: decorator
@inline
function passesGroupsRelaxed(query: usize, group: usize, step: usize, words: i32, limit: i32, sums: usize): i32 {
  let a = i32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = query + queryBytes(words);
  let group1 = group + step,
    group2 = group1 + step,
    group3 = group2 + step;
  for (; query < end; query += 4, group += 32, group1 += 32, group2 += 32, group3 += 32) {
    const q = spread(query);
    a = accumulate(a, q, v128.load(group));
    b = accumulate(b, q, v128.load(group, 16));
    c = accumulate(c, q, v128.load(group1));
    d = accumulate(d, q, v128.load(group1, 16));
    e = accumulate(e, q, v128.load(group2));
    f = accumulate(f, q, v128.load(group2, 16));
    g = accumulate(g, q, v128.load(group3));
    h = accumulate(h, q, v128.load(group3, 16));
  }
  return (
    bitsWithSums(a, b, limit, sums) |
    (bitsWithSums(c, d, limit, sums + 32) << 8) |
    (bitsWithSums(e, f, limit, sums + 64) << 16) |
    (bitsWithSums(g, h, limit, sums + 96) << 24)
  );
}

// @ts-ignore: decorator
@inline
function passesGroupsPlain(query: usize, group: usize, step: usize, words: i32, limit: i32, sums: usize): i32 {
  let a = i32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a;
  const end = query + queryBytes(words);
  let other = group + step;
  for (; query < end; query += 8, group += 32, other += 32) {
    const q = spread(query);
    a = addTwo(a, q, group);
    b = addTwo(b, q, group + 8);
    c = addTwo(c, q, group + 16);
    d = addTwo(d, q, group + 24);
    e = addTwo(e, q, other);
    f = addTwo(f, q, other + 8);
    g = addTwo(g, q, other + 16);
    h = addTwo(h, q, other + 24);
  }
  return (
    bitsWithSums(fold(a, b), fold(c, d), limit, sums) |
    (bitsWithSums(fold(e, f), fold(g, h), limit, sums + 32) << 8)
  );
}

/**
 * Compares one query with `TOGETHER` groups that lie `step` bytes apart: codes come sooner from memory where several stretches
 * of it are read at a time.
 * @param sums room for those of all rows; those of groups without a row that passes are not written
 * @returns bit 8·g + r is set where row r of group g passes
 */
// @ts-ignore: decorator
@inline
export function passesGroups(query: usize, group: usize, step: usize, words: i32, limit: i32, sums: usize): i32 {
  return ASC_FEATURE_RELAXED_SIMD
    ? passesGroupsRelaxed(query, group, step, words, limit, sums)
    : passesGroupsPlain(query, group, step, words, limit, sums);
}

/** Compares one query with one group; returns one bit a row, and writes their sums where any passes. */
// @ts-ignore: decorator
@inline
export function passesOne(query: usize, group: usize, words: i32, limit: i32, sums: usize): i32 {
  return ASC_FEATURE_RELAXED_SIMD
    ? passesOneRelaxed(query, group, words, limit, sums)
    : passesOnePlain(query, group, words, limit, sums);
}

/** One bit a query and row: `a` to `d` are the sums of queries with rows 0 to 3, bit 8·q + r is set where they pass. */
// @ts-ignore: decorator
@inline
function bitsOfFour(a: v128, b: v128, c: v128, d: v128, limits: usize): i32 {
  const passA = above(a, load<i32>(limits)),
    passB = above(b, load<i32>(limits, 4)),
    passC = above(c, load<i32>(limits, 8)),
    passD = above(d, load<i32>(limits, 12));
  if (!v128.any_true(v128.or(v128.or(passA, passB), v128.or(passC, passD)))) return 0;
  return (
    i32x4.bitmask(passA) |
    (i32x4.bitmask(passB) << 8) |
    (i32x4.bitmask(passC) << 16) |
    (i32x4.bitmask(passD) << 24)
  );
}

/** Compares four queries with as many rows as have sums that stay in registers: eight in relaxed SIMD, in plain SIMD four. */
// @ts-ignore: decorator
@inline
function passesRows(query: usize, rows: usize, words: i32, limits: usize): i32 {
  const codeBytes = queryBytes(words);
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
  for (let at: usize = 0; at < codeBytes; at += queryBytes(1), rows += 32) {
    const low = ASC_FEATURE_RELAXED_SIMD ? v128.load(rows) : v128.load8x8_s(rows),
      high = ASC_FEATURE_RELAXED_SIMD ? v128.load(rows, 16) : v128.load8x8_s(rows, 8);
    let q = spread(query + at);
    a0 = accumulate(a0, q, low);
    a1 = accumulate(a1, q, high);
    q = spread(query1 + at);
    b0 = accumulate(b0, q, low);
    b1 = accumulate(b1, q, high);
    q = spread(query2 + at);
    c0 = accumulate(c0, q, low);
    c1 = accumulate(c1, q, high);
    q = spread(query3 + at);
    d0 = accumulate(d0, q, low);
    d1 = accumulate(d1, q, high);
  }
  return ASC_FEATURE_RELAXED_SIMD
    ? bitsOfFour(a0, b0, c0, d0, limits) | (bitsOfFour(a1, b1, c1, d1, limits) << 4)
    : bitsOfFour(fold(a0, a1), fold(b0, b1), fold(c0, c1), fold(d0, d1), limits);
}

/**
 * Compares four queries, whose codes follow each other, with one group.
 * @param limits four limits
 * @returns bit 8·q + r is set when row r passes query q
 */
// @ts-ignore: decorator
@inline
export function passesFour(query: usize, group: usize, words: i32, limits: usize): i32 {
  const low = passesRows(query, group, words, limits);
  return ASC_FEATURE_RELAXED_SIMD ? low : low | (passesRows(query, group + 16, words, limits) << 4);
}
