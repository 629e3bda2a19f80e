import * as path from 'node:path';
import type { Catalogue } from '../data/catalogue.ts';
import { Recommender } from '../kinds/ranking/recommender.ts';
import type { Scorer } from '../kinds/ranking/scorer.ts';
import { modelKind } from '../kinds/registry.ts';
import { DamagedFileError } from '../store/damaged-file.ts';
import { MODEL_FILE } from './model-file.ts';

/** A trained model where its files lie. */
export interface StoredModel {
  readonly kind: string;
  /** Path of one of its artifacts. @throws UserError where it has none of that name */
  locate(artifact: string): string;
  /** One of the models it is made of. */
  member(name: string, kind: string): StoredModel;
}

export interface Opening {
  readonly catalogue: Catalogue;
  readonly seed: number;
  readonly deterministic: boolean;
}

/** Opens a trained model, and those it is made of. */
export function openScorer(stored: StoredModel, opening: Opening): Promise<Scorer> {
  return modelKind(stored.kind).open({
    ...opening,
    locate: (artifact) => stored.locate(artifact),
    openMember: ({ name, kind }) => openScorer(stored.member(name, kind), opening),
  });
}

/** Opens a trained model with its fallback: what evaluation measures, and what neighbours and serving answer with. */
export async function openRecommender(stored: StoredModel, opening: Opening): Promise<Recommender> {
  const scorer = await openScorer(stored, opening);
  const { seed, catalogue } = opening;
  return new Recommender({ scorer, trainCounts: catalogue.trainCounts, seed });
}

/** Where the artifacts of a member lie in the folder of the model that is made of it. */
export const memberFolder = (name: string): string => `members/${name}`;

/** A model's artifacts by name, and its members', as a package tells of them. */
export interface StoredParts {
  readonly kind: string;
  readonly files: Readonly<Record<string, { readonly file: string }>>;
  readonly members: readonly (StoredParts & { readonly name: string })[];
}

/** The model whose parts lie in a folder. */
export function storedIn(folder: string, { kind, files, members }: StoredParts): StoredModel {
  const lacking = (what: string): Error => new DamagedFileError(path.join(folder, MODEL_FILE), what);
  return {
    kind,
    locate(artifact) {
      const found = files[artifact];
      if (found === undefined) throw lacking(`it names no artifact '${artifact}'`);
      return path.join(folder, found.file);
    },
    member(name) {
      const found = members.find((member) => member.name === name);
      if (found === undefined) throw lacking(`it names no member '${name}'`);
      return storedIn(path.join(folder, memberFolder(name)), found);
    },
  };
}
