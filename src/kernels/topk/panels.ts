// Exact search with pruning. Rows lie in panels of similar rows, each row also as a short integer code (see codes.ts) of
// its projection on a few leading directions and the length of what is left. The inner product of two codes, with a slack
// for every rounding, bounds the score from above (Cauchy–Schwarz on the rest): only rows whose bound reaches the query's
// current k-th score are scored. A panel none of whose rows can reach it, by its centre and radius, is left out whole.
import { Candidates, CANDIDATES_BYTES, compact } from './candidates';
import { GROUP, passesFour, passesGroups, passesOne, queryBytes, SUM_BYTES, TOGETHER } from './codes';
import { scores } from './dot';
import { Panel, panelAt, setPanels } from './panel-table';
import { thinPending } from './pending';
import { keepGroup, offerGroup, scorePending, setRows } from './row-scores';

/** Queries are looked at four at a time. */
const LANES: i32 = 4;
/** Rows searched first for each query, to find a threshold: those of the panels whose centres score best. */
const FIRST_ROWS: i32 = 512;
/** Bytes of codes searched for one quad after another, so that they come from the second-level cache. */
const BLOCK_BYTES: i32 = 1 << 20;
/** Above any error of products so small that float32 cannot hold them with all digits. */
const UNDERFLOW: f32 = 1e-30;
/** What float32 arithmetic on limits can be off, relative to them. */
const LIMIT_ROUNDING: f32 = 1.0 / 1048576.0;

let panelCount: i32 = 0;
let panelRows: i32 = 0;
let size: i32 = 0;
let centres: usize = 0;
let centreStride: i32 = 0;
let codes: usize = 0;
let words: i32 = 0;
let stride: i32 = 0;

/**
 * Tells this instance where the panels are.
 * @param rowsPerPanel a multiple of 8; the last panel may have fewer
 * @param panelTable a `Panel` each
 * @param centreRows a projected vector of `centreFloats` each
 * @param codeGroups codes of the rows in groups of 8
 * @param wordsPerCode words of four dimensions of a code
 * @param orderedRows the vectors in panel order
 * @param rowIds their row numbers
 */
export function usePanels(
  rowCount: i32,
  rowsPerPanel: i32,
  panelTable: usize,
  centreRows: usize,
  centreFloats: i32,
  codeGroups: usize,
  wordsPerCode: i32,
  orderedRows: usize,
  rowIds: usize,
  rowStride: i32,
): void {
  size = rowCount;
  panelRows = rowsPerPanel;
  panelCount = (rowCount + rowsPerPanel - 1) / rowsPerPanel;
  centres = centreRows;
  centreStride = centreFloats;
  codes = codeGroups;
  words = wordsPerCode;
  stride = rowStride;
  setPanels(panelTable, rowsPerPanel);
  setRows(rowCount, orderedRows, rowIds, rowStride);
}

// @ts-ignore: decorator
@inline
function stateAt(states: usize, query: i32): Candidates {
  return changetype<Candidates>(states + <usize>(query * CANDIDATES_BYTES));
}

function groupsOf(panel: i32): i32 {
  return (min(panelRows, size - panel * panelRows) + GROUP - 1) / GROUP;
}

// @ts-ignore: decorator
@inline
function codesOf(panel: i32): usize {
  return codes + (<usize>(panel * panelRows) * <usize>words) * 4;
}

/** A query where one meets panels alone. */
@unmanaged
class Single {
  state!: Candidates;
  query!: usize;
  code!: usize;
  /** The largest sum that does not pass. */
  limit!: i32;
  /** Scores are about `base` + `units` × sum. */
  base!: f64;
  units!: f64;
}

// @ts-ignore: decorator
@inline
function takeGroup(single: Single, firstRow: i32, bits: i32, sums: usize): void {
  const state = single.state;
  if (state.pendingRoom == 0) offerGroup(state, single.query, firstRow, bits);
  else keepGroup(state, single.query, firstRow, bits, sums, single.base, single.units);
}

function scanPanelOne(panel: i32, single: Single, sums: usize): void {
  const code = single.code,
    limit = single.limit;
  const groups = groupsOf(panel),
    turns = groups / TOGETHER,
    groupBytes = (<usize>words) << 5,
    step = <usize>turns * groupBytes,
    firstRow = panel * panelRows;
  let group = codesOf(panel);
  for (let turn = 0; turn < turns; turn++, group += groupBytes) {
    let bits = passesGroups(code, group, step, words, limit, sums);
    for (let g = turn, own = sums; bits != 0; g += turns, own += SUM_BYTES, bits = <i32>((<u32>bits) >> 8)) {
      if ((bits & 0xff) != 0) takeGroup(single, firstRow + g * GROUP, bits & 0xff, own);
    }
  }
  group = codesOf(panel) + TOGETHER * step;
  for (let g = TOGETHER * turns; g < groups; g++, group += groupBytes) {
    const bits = passesOne(code, group, words, limit, sums);
    if (bits != 0) takeGroup(single, firstRow + g * GROUP, bits, sums);
  }
}

function scanPanelFour(panel: i32, states: usize, first: i32, queries: usize, code: usize, limits: usize): void {
  const groups = groupsOf(panel),
    groupBytes = (<usize>words) << 5,
    vectorBytes = (<usize>stride) << 2;
  let group = codesOf(panel);
  for (let g = 0; g < groups; g++, group += groupBytes) {
    let bits = passesFour(code, group, words, limits);
    for (let q = first; bits != 0; q++, bits = <i32>((<u32>bits) >> 8)) {
      const own = bits & 0xff;
      if (own != 0) offerGroup(stateAt(states, q), queries + <usize>q * vectorBytes, panel * panelRows + g * GROUP, own);
    }
  }
}

/** Where the parts of a tile of queries lie, and of one quad in it. */
@unmanaged
class Quad {
  /** Number of the first query. */
  first!: i32;
  /** Bit q is set for each query there is. */
  present!: i32;
  queries!: usize;
  codes!: usize;
  states!: usize;
  /** Scale, length, error of the code and shift, four floats each, `lineBytes` apart. */
  table!: usize;
  /** Score of panel p's centre at p × `lineBytes`, four queries side by side; NaN where the panel is done. */
  centreScores!: usize;
  lineBytes!: usize;
  /** Four largest sums that do not pass. */
  limits!: usize;
  single!: Single;
  /** Room for the sums of `TOGETHER` groups. */
  sums!: usize;
}

/** Bytes of what stands before the scores of centres. */
const HEAD_BYTES: usize = 64 + 16 + 48 + 128;

function thresholdsOf(quad: Quad): v128 {
  let thresholds = f32x4.splat(Infinity);
  const first = quad.first;
  if (quad.present & 1) thresholds = f32x4.replace_lane(thresholds, 0, stateAt(quad.states, first).threshold);
  if (quad.present & 2) thresholds = f32x4.replace_lane(thresholds, 1, stateAt(quad.states, first + 1).threshold);
  if (quad.present & 4) thresholds = f32x4.replace_lane(thresholds, 2, stateAt(quad.states, first + 2).threshold);
  if (quad.present & 8) thresholds = f32x4.replace_lane(thresholds, 3, stateAt(quad.states, first + 3).threshold);
  return thresholds;
}

/** Which queries of the quad may find a row in the panel; one bit each. */
// @ts-ignore: decorator
@inline
function openLanes(quad: Quad, panel: Panel, centreScores: v128, thresholds: v128): v128 {
  const lengths = v128.load(quad.table + quad.lineBytes);
  const reach = f32x4.add(f32x4.mul(lengths, f32x4.splat(panel.radius)), f32x4.splat(UNDERFLOW));
  return f32x4.ge(f32x4.add(centreScores, reach), thresholds);
}

/** Writes the quad's four limits for a panel: the largest sums of codes that cannot reach the thresholds. */
function setLimits(quad: Quad, panel: Panel, open: v128, centreScores: v128, thresholds: v128): void {
  const scales = v128.load(quad.table),
    lengths = v128.load(quad.table + quad.lineBytes),
    errors = v128.load(quad.table + 2 * quad.lineBytes),
    shifts = v128.load(quad.table + 3 * quad.lineBytes);
  const slack = f32x4.add(
    f32x4.mul(lengths, f32x4.splat(panel.error)),
    f32x4.mul(errors, f32x4.splat(panel.length)),
  );
  const units = f32x4.mul(scales, f32x4.splat(panel.scale));
  const exact = f32x4.add(f32x4.div(f32x4.sub(f32x4.sub(thresholds, centreScores), slack), units), shifts);
  const doubt = f32x4.mul(f32x4.add(f32x4.abs(exact), f32x4.abs(shifts)), f32x4.splat(LIMIT_ROUNDING));
  let limits = f32x4.sub(exact, f32x4.add(doubt, f32x4.splat(2)));
  // Where codes say nothing (units of 0, or too small to divide by) every row passes.
  const useless = v128.or(f32x4.lt(units, f32x4.splat(UNDERFLOW)), f32x4.ne(limits, limits));
  limits = v128.bitselect(f32x4.splat(-Infinity), limits, useless);
  limits = v128.bitselect(limits, f32x4.splat(Infinity), open);
  v128.store(quad.limits, i32x4.trunc_sat_f32x4_s(limits));
}

function scanPanel(quad: Quad, panel: i32, bits: i32): void {
  if (popcnt(bits) > 1) {
    scanPanelFour(panel, quad.states, quad.first, quad.queries, quad.codes, quad.limits);
    return;
  }
  const lane = <usize>ctz(bits),
    number = quad.first + <i32>lane,
    table = quad.table + (lane << 2);
  const single = quad.single;
  single.state = stateAt(quad.states, number);
  single.query = quad.queries + ((<usize>number * <usize>stride) << 2);
  single.code = quad.codes + lane * queryBytes(words);
  single.limit = load<i32>(quad.limits + (lane << 2));
  single.units = <f64>load<f32>(table) * <f64>panelAt(panel).scale;
  const centre = load<f32>(quad.centreScores + <usize>panel * quad.lineBytes + (lane << 2));
  single.base = <f64>centre - single.units * <f64>load<f32>(table + 3 * quad.lineBytes);
  scanPanelOne(panel, single, quad.sums);
}

/** Scans a panel for the queries of the quad that `lanes` allows; false when none could find a row in it. */
function scanForQuad(quad: Quad, panel: i32, lanes: i32, thresholds: v128): bool {
  const centreScores = v128.load(quad.centreScores + <usize>panel * quad.lineBytes);
  const about = panelAt(panel);
  const open = openLanes(quad, about, centreScores, thresholds);
  const bits = i32x4.bitmask(open) & lanes;
  if (bits == 0) return false;
  setLimits(quad, about, open, centreScores, thresholds);
  scanPanel(quad, panel, bits);
  return true;
}

/** The panel whose centre scores best, for four queries. */
function bestPanels(quad: Quad): v128 {
  let best = f32x4.splat(-Infinity),
    numbers = i32x4.splat(-1),
    number = i32x4.splat(0);
  for (let p = 0, at = quad.centreScores; p < panelCount; p++, at += quad.lineBytes) {
    const centreScores = v128.load(at);
    const better = f32x4.gt(centreScores, best);
    best = v128.bitselect(centreScores, best, better);
    numbers = v128.bitselect(number, numbers, better);
    number = i32x4.add(number, i32x4.splat(1));
  }
  return numbers;
}

function scanBestPanel(quad: Quad, lane: i32, panel: i32): void {
  if (panel < 0 || !(quad.present & (1 << lane))) return;
  scanForQuad(quad, panel, 1 << lane, thresholdsOf(quad));
  store<f32>(quad.centreScores + <usize>panel * quad.lineBytes + ((<usize>lane) << 2), NaN);
}

/** Finds thresholds: scans for each query the panels near it, and marks them as done. */
function scanFirstPanels(quad: Quad): void {
  for (let rows = 0; rows < FIRST_ROWS; rows += panelRows) {
    const best = bestPanels(quad);
    scanBestPanel(quad, 0, i32x4.extract_lane(best, 0));
    scanBestPanel(quad, 1, i32x4.extract_lane(best, 1));
    scanBestPanel(quad, 2, i32x4.extract_lane(best, 2));
    scanBestPanel(quad, 3, i32x4.extract_lane(best, 3));
  }
  for (let lane = 0; lane < LANES; lane++) {
    if (!(quad.present & (1 << lane))) continue;
    const state = stateAt(quad.states, quad.first + lane);
    compact(state);
    thinPending(state);
  }
}

function scanPanelRange(quad: Quad, from: i32, to: i32): void {
  let thresholds = thresholdsOf(quad);
  for (let p = from; p < to; p++) {
    if (scanForQuad(quad, p, quad.present, thresholds)) thresholds = thresholdsOf(quad);
  }
}

/** Points the quad at queries `first` … */
function aim(quad: Quad, first: i32, queryCount: i32, codes: usize, table: usize, centreScores: usize): void {
  quad.first = first;
  quad.present = (1 << min(LANES, queryCount - first)) - 1;
  quad.codes = codes + <usize>first * queryBytes(words);
  quad.table = table + ((<usize>first) << 2);
  quad.centreScores = centreScores + ((<usize>first) << 2);
}

/** What bounds of scores need to know of a query, from its column in the table. */
function tellOfCode(state: Candidates, column: usize, lineBytes: usize): void {
  state.queryLength = load<f32>(column + lineBytes);
  state.queryError = load<f32>(column + 2 * lineBytes);
}

/** Bytes of scratch `scanPanels` needs for a tile of that many queries. */
export function panelScratch(queryCount: i32): i32 {
  return ((queryCount + 3) & ~3) * panelCount * 4 + <i32>HEAD_BYTES;
}

/**
 * Offers all rows to the states of a tile of queries. Projections, codes and table have room for a multiple of 4 of
 * queries, zeros where there is none.
 * @param queries vectors of `rowStride` floats
 * @param projected their projections, `centreFloats` floats each
 * @param queryCodes their codes, `wordsPerCode` words of four dimensions each
 * @param queryTable all scales, all lengths, all errors of codes, all shifts
 * @param scratch room for `panelScratch` bytes
 */
export function scanPanels(
  queries: usize,
  queryCount: i32,
  states: usize,
  projected: usize,
  queryCodes: usize,
  queryTable: usize,
  scratch: usize,
): void {
  const lanes = (queryCount + 3) & ~3;
  const quad = changetype<Quad>(scratch);
  const centreScores = scratch + HEAD_BYTES;
  scores(centres, panelCount, projected, lanes, centreStride, centreScores, lanes);
  quad.queries = queries;
  quad.states = states;
  quad.lineBytes = (<usize>lanes) << 2;
  quad.limits = scratch + 64;
  quad.single = changetype<Single>(scratch + 80);
  quad.sums = scratch + 128;
  for (let q = 0; q < queryCount; q++) tellOfCode(stateAt(states, q), queryTable + ((<usize>q) << 2), quad.lineBytes);
  for (let q = 0; q < queryCount; q += LANES) {
    aim(quad, q, queryCount, queryCodes, queryTable, centreScores);
    scanFirstPanels(quad);
  }
  const block = max(1, BLOCK_BYTES / (panelRows * words * 4));
  for (let from = 0; from < panelCount; from += block) {
    for (let q = 0; q < queryCount; q += LANES) {
      aim(quad, q, queryCount, queryCodes, queryTable, centreScores);
      scanPanelRange(quad, from, min(from + block, panelCount));
    }
  }
  for (let q = 0; q < queryCount; q++) {
    const state = stateAt(states, q);
    if (state.pendingCount > 0) scorePending(state, queries + ((<usize>q * <usize>stride) << 2));
  }
}
