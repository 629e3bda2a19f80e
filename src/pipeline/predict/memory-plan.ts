/** How the memory that predictions may take is shared out. */
import { BLOCK_BYTES } from '../kinds/ranking/score-block.ts';

const MIB = 2 ** 20;
/** The process itself, with the names of items. */
const MAIN_MIB = 200;
/** A thread's own heap, and queries on their way. */
const THREAD_MIB = 64;
/** A package is in memory as arrays and what is made of them: an estimate. */
const COPIES = 2;
/** DuckDB writes to the disk what it has no room for, and needs some to do so. */
const LEAST_DUCKDB_MIB = 256;

export interface MemoryPlan {
  readonly threads: number;
  /** MiB. */
  readonly duckdb: number;
}

/**
 * As many threads as were asked for and there is memory for, at least one.
 * @param limit MiB in all
 * @param packageBytes of the model
 */
export function memoryPlan(limit: number, threads: number, packageBytes: number): MemoryPlan {
  const each = THREAD_MIB + Math.ceil((COPIES * packageBytes + BLOCK_BYTES) / MIB);
  const room = Math.floor((limit - MAIN_MIB - LEAST_DUCKDB_MIB) / each);
  const count = Math.max(1, Math.min(threads, room));
  return { threads: count, duckdb: Math.max(LEAST_DUCKDB_MIB, limit - MAIN_MIB - count * each) };
}
