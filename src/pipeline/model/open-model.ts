/** Opens the package of a trained model: its folder is all that is needed. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { withAllKnown, type Catalogue } from '../data/catalogue.ts';
import type { Recommender } from '../kinds/ranking/recommender.ts';
import type { Scorer } from '../kinds/ranking/scorer.ts';
import { modelKind } from '../kinds/registry.ts';
import { requireUnchanged } from '../store/check-artifact.ts';
import { requireJson } from '../store/read-json.ts';
import { readCatalogue } from './catalogue-files.ts';
import { ItemNames } from './item-names.ts';
import { MODEL_FILE, readModelFile, type ModelFile, type PackagedMember } from './model-file.ts';
import { Parity } from './parity.ts';
import { requireSameLists } from './require-parity.ts';
import { memberFolder, openRecommender, storedIn } from './stored-model.ts';

/** A trained model, ready to answer. */
export interface OpenModel {
  readonly name: string;
  readonly kind: string;
  /** Folder of its artifacts. */
  readonly folder: string;
  /** Whose model it is, as replies say it: a run's, by its id, or that of a package, by its folder. */
  readonly source: { readonly run: string; readonly everything?: true } | { readonly package: string };
  readonly catalogue: Catalogue;
  readonly scorer: Scorer;
  readonly recommender: Recommender;
  /** Reads the names of its items. */
  readonly names: () => Promise<ItemNames>;
}

/** One that was opened from its package. */
export interface OpenPackage extends OpenModel {
  readonly file: ModelFile;
}

export interface OpenPackageOptions {
  /** The files are known to be what was written: their hashes are not looked at again. */
  readonly verified?: boolean;
  /** Any item may be recommended, also one that was not known at training time. */
  readonly allKnown?: boolean;
}

/** @throws UserError where the folder holds no package of this version */
export async function readPackage(folder: string): Promise<ModelFile> {
  const file = path.join(folder, MODEL_FILE);
  if (!fs.existsSync(file))
    throw new UserError(
      `${folder} holds no model: it has no ${MODEL_FILE}.`,
      'Name a folder such as <store>/runs/<run>/train/<model> (refit/<model> where models were trained twice, everything/<model> where one was trained on all rows), or a copy of one.',
      { exitCode: EXIT.notFound },
    );
  const model = await readModelFile(file);
  if (model.format === 2) return model;
  throw new UserError(
    `${folder} holds a model of an earlier version, which cannot be opened without its run.`,
    'Ask the run it belongs to, or train it anew.',
  );
}

/**
 * Opens a package.
 * @throws UserError where the folder holds none, a file is not what was written, or its kind is not known
 */
export async function openModel(folder: string, options: OpenPackageOptions = {}): Promise<OpenPackage> {
  return openPackage(folder, await readPackage(folder), options);
}

/** The same, where its `model.json` was read. */
export async function openPackage(
  folder: string,
  file: ModelFile,
  { verified = false, allKnown = false }: OpenPackageOptions = {},
): Promise<OpenPackage> {
  if (!verified) requireWhole(folder, file);
  const { name, kind, seed, deterministic } = file;
  const told = await catalogueIn(folder, file);
  const catalogue = allKnown ? withAllKnown(told) : told;
  const recommender = await openRecommender(storedIn(folder, file), { catalogue, seed, deterministic });
  if (isOfOtherVersion(file)) requireSameLists({ name, folder, recommender }, await parityIn(folder, file));
  const names = (): Promise<ItemNames> => ItemNames.read(itemsFileIn(folder, file));
  return {
    ...{ folder, file, name, kind, catalogue, recommender, names },
    scorer: recommender.scorer,
    source: { package: folder },
  };
}

function locateIn(folder: string, { catalogue }: ModelFile, artifact: string): string | undefined {
  const found = catalogue.files[artifact];
  return found === undefined ? undefined : path.join(folder, found.file);
}

/** What a package tells of its items. @throws UserError where a file of it is broken */
export function catalogueIn(folder: string, file: ModelFile): Promise<Catalogue> {
  return readCatalogue((artifact) => locateIn(folder, file, artifact), file.catalogue);
}

/** Path of a package's table of items. */
export function itemsFileIn(folder: string, file: ModelFile): string {
  return locateIn(folder, file, 'items') ?? path.join(folder, 'items.parquet');
}

function parityIn(folder: string, file: ModelFile): Promise<Parity> {
  return requireJson(path.join(folder, file.parity.file), Parity);
}

/** The package's queries with the lists it gave when it was trained. @throws UserError where they cannot be read */
export function readParity({ folder, file }: OpenPackage): Promise<Parity> {
  return parityIn(folder, file);
}

/** @throws UserError where a package does not give the lists it gave when it was trained */
export async function requireParity(model: OpenPackage): Promise<void> {
  requireSameLists(model, await readParity(model));
}

/** Whether the kind of the model, or of one it is made of, has changed since: it may score in another way. */
export function isOfOtherVersion({
  kind,
  kindVersion,
  members,
}: Pick<PackagedMember, 'kind' | 'kindVersion' | 'members'>): boolean {
  return modelKind(kind).version !== kindVersion || members.some(isOfOtherVersion);
}

/** @throws UserError where a file of the package is missing, or not what was written */
export function requireWhole(folder: string, file: ModelFile): void {
  const own = [...Object.values(file.catalogue.files), file.parity];
  for (const packed of own) requireUnchanged(path.join(folder, packed.file), packed, undefined);
  requireFiles(folder, file);
}

function requireFiles(folder: string, { files, members }: Pick<PackagedMember, 'files' | 'members'>): void {
  for (const packed of Object.values(files))
    requireUnchanged(path.join(folder, packed.file), packed, undefined);
  for (const member of members) requireFiles(path.join(folder, memberFolder(member.name)), member);
}
