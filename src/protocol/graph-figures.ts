/** How large a model's graph is, and what a query asks of it: known before it is written. */
import * as z from 'zod/mini';

/** Items of the query that is told of. */
export const USUAL_ITEMS = 10;
/** A server needs a few times as much memory; from here on there are those that have no room, or no time, for it. */
const LARGE_BYTES = 1e9;
/** TODO */
const SLOW_NUMBERS = 1e8;

export const GraphFigures = z.object({
  /** Of the file that is loaded. */
  bytes: z.number(),
  /** Numbers that a query of `USUAL_ITEMS` items reads or computes, about. */
  numbers: z.number(),
});
export type GraphFigures = z.infer<typeof GraphFigures>;

export const isLarge = ({ bytes }: GraphFigures): boolean => bytes >= LARGE_BYTES;
export const isSlow = ({ numbers }: GraphFigures): boolean => numbers >= SLOW_NUMBERS;
