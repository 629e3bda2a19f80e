// Exact search with pruning. Rows lie in panels of similar rows, each row also as a short integer code (see codes.ts) of
// its projection on a few leading directions and the length of what is left. The inner product of two codes, with a slack
// for every rounding, bounds the score from above (Cauchy–Schwarz on the rest): only rows whose bound reaches the query's
// current k-th score are scored. A panel none of whose rows can reach it, by its centre and radius, is left out whole.
import { Candidates, CANDIDATES_BYTES, compact, offer } from './candidates';
import { GROUP, passesFour, passesOne } from './codes';
import { dot, scores } from './dot';

/** What is known of a panel. */
@unmanaged
class Panel {
  /** Value of one unit of the codes. */
  scale!: f32;
  /** Largest error of a row's code, the roundings of a score included, as a factor of the query's length. */
  error!: f32;
  /** Largest length of a row's decoded code. */
  length!: f32;
  /** Largest distance of a row's projection to the panel's centre, with the same roundings. */
  radius!: f32;
}

/** What is known of a query's code. */
@unmanaged
class QueryCode {
  scale!: f32;
  length!: f32;
  /** Length of the error of its code. */
  error!: f32;
  /** What the codes' product has too much, because rows' codes are shifted to be positive. */
  shift!: f32;
}

const PANEL_BYTES: usize = 16;
const QUERY_BYTES: usize = 16;
/** Panels searched first, one query at a time, to find a threshold: those whose centres score best. */
const FIRST_PANELS: i32 = 4;
const NEVER: i32 = i32.MAX_VALUE;

let panelCount: i32 = 0;
let panelRows: i32 = 0;
let size: i32 = 0;
let panels: usize = 0;
let centres: usize = 0;
let centreStride: i32 = 0;
let codes: usize = 0;
let words: i32 = 0;
let rows: usize = 0;
let ids: usize = 0;
let stride: i32 = 0;

/**
 * Tells this instance where the panels are.
 * @param rowsPerPanel a multiple of 8; the last panel may have fewer
 * @param panelTable a `Panel` each
 * @param centreRows a projected vector of `centreFloats` each
 * @param codeGroups codes of the rows in groups of 8
 * @param wordsPerCode 32-bit words of a code
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
  panels = panelTable;
  centres = centreRows;
  centreStride = centreFloats;
  codes = codeGroups;
  words = wordsPerCode;
  rows = orderedRows;
  ids = rowIds;
  stride = rowStride;
}

// @ts-ignore: decorator
@inline
function panelAt(number: i32): Panel {
  return changetype<Panel>(panels + <usize>number * PANEL_BYTES);
}

// @ts-ignore: decorator
@inline
function stateAt(states: usize, query: i32): Candidates {
  return changetype<Candidates>(states + <usize>(query * CANDIDATES_BYTES));
}

/** The largest product of codes that cannot reach the threshold, `NEVER` when no row of the panel can. */
function limitOf(state: Candidates, query: QueryCode, panel: Panel, centreScore: f32): i32 {
  const threshold = <f64>state.threshold,
    length = <f64>query.length;
  if (<f64>centreScore + length * <f64>panel.radius < threshold) return NEVER;
  const slack = length * <f64>panel.error + <f64>query.error * <f64>panel.length;
  const unit = <f64>query.scale * <f64>panel.scale;
  // Without a threshold, and where the codes say nothing (all zeros), every row passes.
  if (unit == 0) return i32.MIN_VALUE;
  const limit = floor((threshold - slack) / unit + <f64>query.shift) - 2;
  if (limit >= <f64>(NEVER - 1)) return NEVER;
  return limit <= <f64>i32.MIN_VALUE ? i32.MIN_VALUE : <i32>limit;
}

/** Scores the rows of a group whose bits are set. */
function offerGroup(state: Candidates, query: usize, firstRow: i32, bits: i32): void {
  for (; bits != 0; bits &= bits - 1) {
    const row = firstRow + ctz(bits);
    if (row >= size) return;
    const score = dot(query, rows + ((<usize>row * <usize>stride) << 2), stride);
    if (score >= state.threshold) offer(state, score, load<i32>(ids + ((<usize>row) << 2)));
  }
}

function groupsOf(panel: i32): i32 {
  return (min(panelRows, size - panel * panelRows) + GROUP - 1) / GROUP;
}

// @ts-ignore: decorator
@inline
function codesOf(panel: i32): usize {
  return codes + (<usize>(panel * panelRows) * <usize>words) * 4;
}

function scanPanelOne(panel: i32, state: Candidates, query: usize, code: usize, limit: i32): void {
  const groups = groupsOf(panel),
    groupBytes = (<usize>words) << 5;
  let group = codesOf(panel);
  for (let g = 0; g < groups; g++, group += groupBytes) {
    const bits = passesOne(code, group, words, limit);
    if (bits != 0) offerGroup(state, query, panel * panelRows + g * GROUP, bits);
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

/** Scans the panels whose centres score best for the query, and marks them as done by a centre score of −∞. */
function scanFirstPanels(state: Candidates, query: usize, code: usize, info: QueryCode, centreScores: usize): void {
  for (let turn = 0; turn < min(FIRST_PANELS, panelCount); turn++) {
    let best = 0;
    for (let p = 1; p < panelCount; p++) {
      if (load<f32>(centreScores + ((<usize>p) << 2)) > load<f32>(centreScores + ((<usize>best) << 2))) best = p;
    }
    const centreScore = centreScores + ((<usize>best) << 2);
    const limit = limitOf(state, info, panelAt(best), load<f32>(centreScore));
    if (limit != NEVER) scanPanelOne(best, state, query, code, limit);
    compact(state);
    store<f32>(centreScore, -Infinity);
  }
}

/** Floats of scratch `scanPanels` needs a query. */
export function panelScratch(): i32 {
  return panelCount + 4;
}

/**
 * Offers all rows to the states of a tile of queries.
 * @param queries vectors of `rowStride` floats
 * @param projected their projections, `centreFloats` floats each
 * @param queryCodes their codes, `wordsPerCode` words each
 * @param queryTable a `QueryCode` each
 * @param scratch room for queryCount × `panelScratch()` floats
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
  const vectorBytes = (<usize>stride) << 2,
    codeBytes = (<usize>words) << 2,
    lineBytes = (<usize>panelCount) << 2;
  const limits = scratch + <usize>queryCount * lineBytes;
  scores(projected, queryCount, centres, panelCount, centreStride, scratch, panelCount);
  for (let q = 0; q < queryCount; q++) {
    const info = changetype<QueryCode>(queryTable + <usize>q * QUERY_BYTES);
    const code = queryCodes + <usize>q * codeBytes;
    scanFirstPanels(stateAt(states, q), queries + <usize>q * vectorBytes, code, info, scratch + <usize>q * lineBytes);
  }
  for (let p = 0; p < panelCount; p++) {
    for (let q = 0; q < queryCount; q += 4) {
      const together = min(4, queryCount - q);
      let open = 0;
      for (let i = 0; i < together; i++) {
        const centreScore = load<f32>(scratch + <usize>(q + i) * lineBytes + ((<usize>p) << 2));
        const info = changetype<QueryCode>(queryTable + <usize>(q + i) * QUERY_BYTES);
        const limit = centreScore == -Infinity ? NEVER : limitOf(stateAt(states, q + i), info, panelAt(p), centreScore);
        store<i32>(limits + ((<usize>i) << 2), limit);
        if (limit != NEVER) open++;
      }
      if (open == 0) continue;
      if (open > 1 && together == 4) {
        scanPanelFour(p, states, q, queries, queryCodes + <usize>q * codeBytes, limits);
        continue;
      }
      for (let i = 0; i < together; i++) {
        const limit = load<i32>(limits + ((<usize>i) << 2));
        if (limit == NEVER) continue;
        const query = queries + <usize>(q + i) * vectorBytes;
        scanPanelOne(p, stateAt(states, q + i), query, queryCodes + <usize>(q + i) * codeBytes, limit);
      }
    }
  }
}
