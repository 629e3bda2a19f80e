/** Opens the vectors of a trained model, without what it takes to score: that holds them once more, and more than once. */
import { UserError } from '../../protocol/user-error.ts';
import type { Catalogue } from '../data/catalogue.ts';
import type { VectorReader } from '../kinds/model-kind.ts';
import type { ItemVectors } from '../kinds/ranking/scorer.ts';
import { modelKind } from '../kinds/registry.ts';
import type { ModelFile } from './model-file.ts';
import {
  catalogueIn,
  isOfOtherVersion,
  itemsFileIn,
  openPackage,
  readPackage,
  requireWhole,
  type OpenModel,
  type OpenPackageOptions,
} from './open-model.ts';
import { storedIn } from './stored-model.ts';

/** The vectors of a model with what is known of their items. */
export interface OpenVectors extends Pick<OpenModel, 'name' | 'kind' | 'folder' | 'source'> {
  readonly vectors: ItemVectors;
  /** What they are, in words. */
  readonly stated: string;
  readonly catalogue: Catalogue;
  /** Table of the items, those without a vector too. */
  readonly itemsFile: string;
}

/**
 * How the vectors of a kind are read.
 * @param hint what to do where it has none
 * @throws UserError where it has none
 */
export function vectorsOf(
  { name, kind }: Pick<ModelFile, 'name' | 'kind'>,
  hint = 'Export a model of another kind.',
): VectorReader {
  const { vectors, title } = modelKind(kind);
  if (vectors !== undefined) return vectors;
  throw new UserError(`Model '${name}' has no vectors: its kind (${title}) has none.`, hint);
}

/**
 * Opens the vectors of a package.
 * @throws UserError where the folder holds none, a file is not what was written, or its kind is not known or has no vectors
 */
export async function openVectors(folder: string): Promise<OpenVectors> {
  return openPackageVectors(folder, await readPackage(folder));
}

/** The same, where its `model.json` was read. */
export async function openPackageVectors(
  folder: string,
  file: ModelFile,
  { verified = false }: Pick<OpenPackageOptions, 'verified'> = {},
): Promise<OpenVectors> {
  const reader = vectorsOf(file);
  // Whether its lists are still those of its fixture, only the whole model can tell.
  if (isOfOtherVersion(file)) await openPackage(folder, file, { verified });
  else if (!verified) requireWhole(folder, file);
  const catalogue = await catalogueIn(folder, file);
  const stored = storedIn(folder, file);
  const vectors = await reader.read({ catalogue, locate: (artifact) => stored.locate(artifact) });
  return {
    ...{ name: file.name, kind: file.kind, folder, source: { package: folder } },
    ...{ vectors, stated: reader.stated, catalogue, itemsFile: itemsFileIn(folder, file) },
  };
}
