import { PAGE } from '../../wasm/shared-memory.ts';
import { areaOf, FeatureRows } from './feature-rows.ts';
import { listwiseKernel, type ListwiseKernel } from './listwise-kernel.ts';
import type { StackTable } from './stack-table.ts';

/** Features that the kernel looks at together. */
const BLOCK = 4;
/** Numbers that it tells of a query. */
const TOLD = 3;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

export interface ListwiseSums {
  readonly highest: number;
  /** Σ e^(score − highest). */
  readonly total: number;
  /** Score of the target. */
  readonly own: number;
}

/** Where the queries of a table are scored, beside the table's features in a kernel's memory. */
export class ListwiseArea {
  /** What a unit of each feature is worth: to be filled. */
  readonly values: Float64Array;
  /** The gradient by these; 0 for a feature that does not count. */
  readonly sums: Float64Array;
  private readonly table: StackTable;
  private readonly kernel: ListwiseKernel;
  private readonly scores: Float64Array;
  private readonly blocks: Uint32Array;
  private readonly rows: number;

  /** @param counts whether a feature may be worth something, or its gradient is asked for */
  constructor(table: StackTable, counts: (feature: number) => boolean) {
    const { width } = table;
    const { memory, rows } = placed(table);
    const padded = Math.ceil(width / BLOCK) * BLOCK;
    const room = Math.max(TOLD, mostCandidates(table) + 1);
    const base = areaOf(memory, Math.ceil(((2 * padded + room) * BYTES + padded) / PAGE) + 1);
    const blocks = Array.from({ length: padded / BLOCK }, (_, block) => block * BLOCK).filter((first) =>
      Array.from({ length: Math.min(BLOCK, width - first) }, (_, f) => first + f).some(counts),
    );
    this.table = table;
    this.kernel = listwiseKernel(memory);
    this.rows = rows;
    this.values = new Float64Array(memory.buffer, base, padded);
    this.sums = new Float64Array(memory.buffer, base + padded * BYTES, padded);
    this.scores = new Float64Array(memory.buffer, base + 2 * padded * BYTES, room);
    this.blocks = new Uint32Array(memory.buffer, base + (2 * padded + room) * BYTES, blocks.length);
    this.blocks.set(blocks);
  }

  /** Scores of the candidates of a query; valid until the next call. */
  score(query: number): Float64Array {
    const { kernel, values, blocks, scores, table } = this;
    const count = this.countOf(query);
    const rows = this.rowsOf(query);
    kernel.score(
      values.byteOffset,
      blocks.byteOffset,
      blocks.length,
      rows,
      count,
      table.width,
      scores.byteOffset,
    );
    return scores.subarray(0, count);
  }

  /** Fills `sums`. @param target its place among the query's candidates */
  gradient(query: number, target: number): ListwiseSums {
    const { kernel, values, blocks, scores, sums, table } = this;
    kernel.gradient(
      values.byteOffset,
      blocks.byteOffset,
      blocks.length,
      this.rowsOf(query),
      this.countOf(query),
      table.width,
      scores.byteOffset,
      target,
      sums.byteOffset,
    );
    const [highest = 0, total = 0, own = 0] = scores;
    return { highest, total, own };
  }

  private countOf(query: number): number {
    const { bounds } = this.table;
    return (bounds[query + 1] ?? 0) - (bounds[query] ?? 0);
  }

  private rowsOf(query: number): number {
    const { bounds, width } = this.table;
    return this.rows + (bounds[query] ?? 0) * width * Float32Array.BYTES_PER_ELEMENT;
  }
}

function mostCandidates({ bounds }: StackTable): number {
  return bounds.reduce((most, to, at) => (at === 0 ? 0 : Math.max(most, to - (bounds[at - 1] ?? 0))), 0);
}

/** A table that lies elsewhere is copied. */
function placed({ memory, features }: StackTable): {
  readonly memory: WebAssembly.Memory;
  readonly rows: number;
} {
  if (memory !== undefined) return { memory, rows: features.byteOffset };
  const copy = new FeatureRows(features.length);
  copy.push(features);
  return { memory: copy.memory, rows: copy.finish().byteOffset };
}
