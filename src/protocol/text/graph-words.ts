/** What is said of a model's graph before it is written. */
import { isLarge, isSlow, USUAL_ITEMS, type GraphFigures } from '../graph-figures.ts';
import { formatBytes, formatCount } from './format.ts';

export function graphText({ bytes, numbers }: GraphFigures): string {
  return `${formatBytes(bytes)}; a query of ${USUAL_ITEMS} items goes through about ${formatCount(numbers)} numbers`;
}

/** What may come of its size, or of the work of a query. */
export function graphWarnings(figures: GraphFigures): string[] {
  return [
    ...(isLarge(figures)
      ? [
          `The graph is large: a server takes about three times its ${formatBytes(figures.bytes)} while it loads it. Serverless endpoints have 6 GB of memory at most, and three minutes to fetch the model and load it.`,
        ]
      : []),
    ...(isSlow(figures)
      ? [
          `The graph is slow: each query goes through about ${formatCount(figures.numbers)} numbers. Fewer dimensions, fewer members or fewer items make it quicker.`,
        ]
      : []),
  ];
}
