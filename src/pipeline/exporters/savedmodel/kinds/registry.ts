/** The kinds that can be exported as TensorFlow graphs. A new one is a file here and a line in this list. */
import { EXIT, UserError } from '../../../../protocol/user-error.ts';
import { findKind } from '../../../kinds/registry.ts';
import type { KindExporter } from '../kind-graph.ts';
import { blend } from './blend.ts';
import { groupAffinity } from './group-affinity.ts';
import { groupPopularity } from './group-popularity.ts';
import { markov } from './markov.ts';
import { nGram } from './n-gram.ts';
import { popularity } from './popularity.ts';
import { prod2vec } from './prod2vec.ts';
import { recencyEncoder } from './recency-encoder.ts';
import { sequentialItemKnn } from './sequential-item-knn.ts';
import { sessionKnn } from './session-knn.ts';
import { stack } from './stack.ts';

const exporters: readonly KindExporter[] = [
  recencyEncoder,
  prod2vec,
  sequentialItemKnn,
  sessionKnn,
  groupAffinity,
  nGram,
  blend,
  stack,
  popularity,
  groupPopularity,
  markov,
];

/** Names of the kinds that can be exported. */
export const exportedKinds: readonly string[] = exporters.map(({ kind }) => kind);

/** @param what the model, in words @throws UserError where the kind cannot be exported */
export function kindExporter(kind: string, what: string): KindExporter {
  const { name, title } = findKind(kind) ?? { name: kind, title: kind };
  const found = exporters.find((exporter) => exporter.kind === name);
  if (found !== undefined) return found;
  throw new UserError(
    `${what} cannot be written as a TensorFlow SavedModel: there is no graph for its kind (${title}).`,
    `Export a model of one of these kinds: ${exportedKinds.join(', ')}.`,
    { exitCode: EXIT.usage },
  );
}
