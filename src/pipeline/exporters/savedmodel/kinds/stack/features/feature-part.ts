import type { Graph, Tensor } from '../../../graph.ts';
import type { AskedQueries } from '../asked-queries.ts';
import type { Weighed } from '../candidates.ts';

/** Features of candidates that belong together. */
export interface FeaturePart {
  readonly names: readonly string[];
  readonly gates: readonly string[];
  of(graph: Graph, queries: AskedQueries, candidates: Weighed): FeatureValues;
}

export interface FeatureValues {
  /** Candidates × names. */
  readonly values: Tensor<'float'>;
  /** Queries × gates; absent where the part has none. */
  readonly gates?: Tensor<'float'>;
}
