/** The units in which features and gates are weighed, from the queries that weights are fitted on. */
import type { StackTable } from './stack-table.ts';

export interface Spread {
  readonly mean: number;
  readonly spread: number;
}

export interface Units {
  readonly features: Float64Array;
  readonly gates: readonly Spread[];
}

export function unitsOf(table: StackTable): Units {
  return { features: featureSpreads(table), gates: gateSpreads(table) };
}

/** Standard deviation of each feature among the candidates of a query, over all queries; 1 where nothing differs. */
export function featureSpreads({ features, bounds, width }: StackTable): Float64Array {
  const squares = new Float64Array(width);
  const sums = new Float64Array(width);
  const sumsOfSquares = new Float64Array(width);
  let queries = 0;
  for (let q = 0; q + 1 < bounds.length; q++) {
    const [from = 0, to = 0] = [bounds[q], bounds[q + 1]];
    if (to - from < 2) continue;
    queries++;
    sums.fill(0);
    sumsOfSquares.fill(0);
    for (let at = from * width; at < to * width; at += width)
      for (let f = 0; f < width; f++) {
        const value = features[at + f] ?? 0;
        sums[f] = (sums[f] ?? 0) + value;
        sumsOfSquares[f] = (sumsOfSquares[f] ?? 0) + value * value;
      }
    for (let f = 0; f < width; f++) {
      const mean = (sums[f] ?? 0) / (to - from);
      const variance = (sumsOfSquares[f] ?? 0) / (to - from) - mean * mean;
      squares[f] = (squares[f] ?? 0) + Math.max(0, variance);
    }
  }
  return squares.map((sum) => atLeast(Math.sqrt(sum / Math.max(1, queries))));
}

/** Mean and standard deviation of each gate over the queries with candidates: the others have no gates. */
export function gateSpreads({ gates, gateCount, bounds }: StackTable): Spread[] {
  return Array.from({ length: gateCount }, (_, g) => {
    let [queries, sum, squares] = [0, 0, 0];
    for (let q = 0; q + 1 < bounds.length; q++) {
      if (bounds[q] === bounds[q + 1]) continue;
      const value = gates[q * gateCount + g] ?? 0;
      queries++;
      sum += value;
      squares += value * value;
    }
    const mean = sum / Math.max(1, queries);
    const variance = squares / Math.max(1, queries) - mean * mean;
    return { mean, spread: atLeast(Math.sqrt(Math.max(0, variance))) };
  });
}

/** What hardly differs is not blown up. */
function atLeast(spread: number): number {
  return spread < 1e-6 ? 1 : spread;
}
