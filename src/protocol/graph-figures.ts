/** How large a model's graph is, and what a query asks of it: known before it is written. */

/** Items of the query that is told of. */
export const USUAL_ITEMS = 10;
/** A server needs a few times as much memory: from here on there are those that have no room for it, or no time. */
const LARGE_BYTES = 1e9;
/** TensorFlow went through a million in .5 to .7 ms (bench/savedmodel-latency.py, two processors). */
const SLOW_NUMBERS = 1e8;

export interface GraphFigures {
  /** Of the file that is loaded. */
  readonly bytes: number;
  /** Numbers that a query of `USUAL_ITEMS` items reads or computes, about. */
  readonly numbers: number;
}

export const isLarge = ({ bytes }: GraphFigures): boolean => bytes >= LARGE_BYTES;
export const isSlow = ({ numbers }: GraphFigures): boolean => numbers >= SLOW_NUMBERS;
