import { UserError } from '../../protocol/user-error.ts';
import { type Area, IndexMemory } from './index-memory.ts';
import type { NeighbourIndex, SearchOptions, SearchResult } from './neighbour-index.ts';
import { longestExclusion, makeJob, type SearchJob } from './search-job.ts';
import {
  buildPanels,
  orderBytes,
  panelBytes,
  type PanelIndex,
  queryOrder,
  usePanels,
} from './panel-index.ts';
import { lengthOf } from './codes.ts';
import { copyRows } from './copy-rows.ts';
import { type IndexShape, searchTile, tileLayout, tileSize } from './tile-search.ts';
import { instantiateTopKernel, type TopKernel, topKernelModule } from './topk-kernel.ts';

export interface ExactIndexOptions {
  /** Uses the plain-SIMD build even where relaxed SIMD is available. Results are the same bytes either way. */
  readonly deterministic?: boolean;
  /** False scores every row in every search. Results are the same bytes either way, but for which rows reach a floor. */
  readonly prune?: boolean;
}

/** Rows from which pruning is worth its tables. */
const PRUNED_FROM = 500;
/** Scores must be float32 numbers. */
const LARGEST_SCORE = 1e38;
/** Rows whose dense scores are made at a time. */
const SCORE_BLOCK = 4096;
/** Room for rows from anywhere is made for so many, or a multiple: what has grown is not given back. */
const ROWS_ROOM = 1024;

/**
 * Exact search by inner product (cosine, when the caller has normalised the vectors): the same rows and scores as
 * scoring every row, ties ordered by row number. Equal input gives equal bytes on every machine.
 */
export class ExactIndex implements NeighbourIndex {
  readonly kind = 'exact';
  readonly size: number;
  readonly dimensions: number;
  readonly #memory: IndexMemory;
  readonly #longest: number;
  readonly #prune: boolean;
  readonly #kernel: TopKernel;
  readonly #values: IndexShape;
  #panels: PanelIndex | undefined;
  #searched: IndexShape | undefined;
  #workArea: Area | undefined;

  /**
   * @param vectors rows × dimensions, finite; copied
   * @throws UserError when the vectors do not fit in 4 GB or hold a NaN or an infinity
   */
  constructor(vectors: Float32Array, dimensions: number, options: ExactIndexOptions = {}) {
    const size = vectors.length / dimensions;
    if (!Number.isInteger(dimensions) || dimensions < 1 || !Number.isInteger(size)) {
      throw new RangeError(`${vectors.length} numbers are no rows of ${dimensions} dimensions`);
    }
    this.size = size;
    this.dimensions = dimensions;
    const stride = Math.ceil(dimensions / 4) * 4;
    const what = `${size.toLocaleString('en')} vectors of ${dimensions} dimensions`;
    this.#memory = new IndexMemory(size * stride * 4, what);
    const rows = this.#memory.take(size * stride * 4, what).offset;
    this.#values = { rows, size, dimensions, stride };
    copyRows(vectors, dimensions, this.#memory.floats(rows, size * stride), stride);
    this.#prune = options.prune ?? true;
    this.#kernel = instantiateTopKernel(topKernelModule(options.deterministic ?? false), this.#memory.memory);
    const bad = this.#kernel.firstNonFinite(rows, size, stride);
    if (bad >= 0) {
      throw new UserError(
        `The vector in row ${bad} holds a NaN or an infinity.`,
        'Train again with a smaller learning rate (alpha), or remove that row.',
      );
    }
    this.#longest = this.#kernel.largestLength(rows, size, stride);
  }

  /** A copy of one vector. */
  vector(row: number): Float32Array {
    if (!Number.isInteger(row) || row < 0 || row >= this.size)
      throw new RangeError(`no row ${row} among ${this.size}`);
    const { rows, stride } = this.#values;
    return new Float32Array(this.#memory.floats(rows + row * stride * 4, this.dimensions));
  }

  /**
   * Builds the tables of the pruned search, which the first search would do otherwise: about a microsecond a row.
   */
  prepare(): void {
    this.#searchShape();
  }

  search(queries: Float32Array, k: number, options: SearchOptions = {}): SearchResult {
    this.#check(queries, k, options);
    const job = makeJob(queries, this.dimensions, k, options);
    const shape = this.#searchShape();
    this.#order(job);
    const layout = tileLayout(this.#kernel, shape, k, longestExclusion(job));
    const base = this.#workAreaOf(layout.bytes);
    const place = { kernel: this.#kernel, memory: this.#memory.memory, shape, layout, base };
    for (let first = 0; first < job.count; first += tileSize(k)) {
      searchTile(place, job, first, Math.min(tileSize(k), job.count - first));
    }
    return { rows: job.rows, scores: job.scores };
  }

  /**
   * Scores of every row for each query.
   * @param out queries × size, filled row by row
   */
  scoreBlock(queries: Float32Array, out: Float32Array): void {
    const count = this.#queryCount(queries);
    if (out.length < count * this.size)
      throw new RangeError(`${out.length} places for ${count} × ${this.size} scores`);
    const { rows, stride, dimensions } = this.#values;
    const queryBytes = count * stride * 4;
    const base = this.#workAreaOf(queryBytes + count * SCORE_BLOCK * 4);
    copyRows(queries, dimensions, this.#memory.floats(base, count * stride), stride);
    for (let first = 0; first < this.size; first += SCORE_BLOCK) {
      const width = Math.min(SCORE_BLOCK, this.size - first);
      const block = base + queryBytes;
      this.#kernel.scores(base, count, rows + first * stride * 4, width, stride, block, width);
      for (let q = 0; q < count; q++)
        out.set(this.#memory.floats(block + q * width * 4, width), q * this.size + first);
    }
  }

  /** Scores of a few rows for each query, with the bits that `scoreBlock` gives: queries × rows. */
  scoreRows(queries: Float32Array, wanted: Int32Array): Float32Array {
    const count = this.#queryCount(queries);
    const { rows, stride, dimensions } = this.#values;
    const room = Math.ceil(wanted.length / ROWS_ROOM) * ROWS_ROOM;
    const numbers = count * stride * 4;
    const block = numbers + room * 4;
    const base = this.#workAreaOf(block + count * room * 4);
    copyRows(queries, dimensions, this.#memory.floats(base, count * stride), stride);
    this.#memory.integers(base + numbers, wanted.length).set(wanted);
    this.#kernel.scoresOf(base, count, rows, base + numbers, wanted.length, stride, base + block);
    return this.#memory.floats(base + block, count * wanted.length).slice();
  }

  /** Score of one row for one query. */
  scoreRow(query: Float32Array, row: number): number {
    return this.scoreRows(query, Int32Array.of(row))[0] ?? NaN;
  }

  #searchShape(): IndexShape {
    this.#searched ??= this.#build();
    return this.#searched;
  }

  #build(): IndexShape {
    const { size, stride } = this.#values;
    if (!this.#prune || size < PRUNED_FROM || !this.#memory.hasRoom(panelBytes(size, stride)))
      return this.#values;
    this.#panels = buildPanels(this.#kernel, this.#memory, this.#values);
    usePanels(this.#kernel, this.#panels.shape);
    return { ...this.#values, pruned: this.#panels.shape };
  }

  /** Lets queries near each other be searched together, where there are panels they can share. */
  #order(job: SearchJob): void {
    if (this.#panels === undefined || job.count <= tileSize(job.k)) return;
    const base = this.#workAreaOf(orderBytes(this.#panels.shape, job.count));
    queryOrder(this.#kernel, this.#memory.memory, this.#panels, job.queries, job.order, base);
  }

  #workAreaOf(bytes: number): number {
    if (this.#workArea === undefined || this.#workArea.bytes < bytes) {
      this.#workArea = this.#memory.take(bytes, 'The results of this search');
    }
    return this.#workArea.offset;
  }

  #queryCount(queries: Float32Array): number {
    const count = queries.length / this.dimensions;
    if (!Number.isInteger(count)) {
      throw new RangeError(`${queries.length} numbers are no queries of ${this.dimensions} dimensions`);
    }
    for (let start = 0; start < queries.length; start += this.dimensions) {
      const longest = this.#longest * lengthOf(queries, start, start + this.dimensions);
      // A NaN fails the comparison too.
      if (!(longest < LARGEST_SCORE))
        throw new RangeError('a query holds a NaN or an infinity, or is too long');
    }
    return count;
  }

  #check(queries: Float32Array, k: number, options: SearchOptions): void {
    const count = this.#queryCount(queries);
    if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be a whole number above 0, not ${k}`);
    if (options.exclude !== undefined && options.exclude.length !== count) {
      throw new RangeError(`${options.exclude.length} lists of excluded rows for ${count} queries`);
    }
    if (
      options.floors !== undefined &&
      (options.floors.length !== count || options.floors.some(Number.isNaN))
    )
      throw new RangeError(`${options.floors.length} floors, or one that is no number, for ${count} queries`);
  }
}
