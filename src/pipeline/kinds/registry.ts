/** All model kinds, by name. A new kind is a folder here and a line in this list. */
import { UserError } from '../../protocol/user-error.ts';
import { blend } from './blend/kind.ts';
import { groupAffinity } from './group-affinity/kind.ts';
import { groupPopularity } from './group-popularity/kind.ts';
import { markov } from './markov/kind.ts';
import type { ModelKind } from './model-kind.ts';
import { nGram } from './n-gram/kind.ts';
import { popularity } from './popularity/kind.ts';
import { prod2vec } from './prod2vec/kind.ts';
import { recencyEncoder } from './recency-encoder/kind.ts';
import { sequentialItemKnn } from './sequential-item-knn/kind.ts';
import { sessionKnn } from './session-knn/kind.ts';
import { stack } from './stack/kind.ts';

export const modelKinds: readonly ModelKind[] = [
  recencyEncoder,
  prod2vec,
  sequentialItemKnn,
  sessionKnn,
  nGram,
  groupAffinity,
  stack,
  blend,
  popularity,
  groupPopularity,
  markov,
];

const ofFlows: ModelKind[] = [];

/** Makes kinds known that only one flow has. */
export function registerKinds(kinds: readonly ModelKind[]): void {
  ofFlows.push(...kinds);
}

/** The kind of that name, or that once had it. */
export function findKind(name: string): ModelKind | undefined {
  return [...modelKinds, ...ofFlows].find((kind) => kind.name === name || kind.formerName === name);
}

/** @throws UserError when there is no such kind */
export function modelKind(name: string): ModelKind {
  const kind = findKind(name);
  if (kind !== undefined) return kind;
  const names = [...modelKinds, ...ofFlows].map((known) => known.name).join(', ');
  throw new UserError(`There is no model kind '${name}'.`, `Choose one of ${names}.`);
}
