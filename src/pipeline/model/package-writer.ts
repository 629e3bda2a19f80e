import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { WriteArtifact } from '../kinds/fitting/fit-context.ts';
import { linkOrCopy } from '../store/link-or-copy.ts';
import { CATALOGUE_FILES, catalogueFileName, type CatalogueFile } from './catalogue-files.ts';
import {
  MODEL_ARTIFACT,
  MODEL_FILE,
  type ModelFile,
  type PackagedFile,
  type PackagedMember,
} from './model-file.ts';
import { memberFolder } from './stored-model.ts';

/** Writes one artifact whole or not at all, and tells what was written. */
export type WritePackaged = (
  name: string,
  file: string,
  fill: (path: string) => Promise<void> | void,
) => Promise<PackagedFile>;

type Files = Record<string, PackagedFile>;

/** What `finish` cannot know from what was written. */
export type ModelFacts = Omit<ModelFile, 'format' | 'files' | 'members' | 'catalogue' | 'parity'> & {
  readonly catalogue: Omit<ModelFile['catalogue'], 'files'>;
};

/** Writes the package of one model into one folder. Its `model.json` comes last: a folder without one is no package. */
export class PackageWriter {
  readonly #write: WritePackaged;
  readonly #files: Files = {};
  readonly #catalogue: Files = {};
  readonly #members: PackagedMember[] = [];

  constructor(write: WritePackaged) {
    this.#write = write;
  }

  /** For the kind's own artifacts. */
  readonly artifact: WriteArtifact = async (name, file, fill) => {
    this.#files[name] = await this.#packed(name, file, fill);
  };

  get files(): Readonly<Files> {
    return this.#files;
  }

  get members(): readonly PackagedMember[] {
    return this.#members;
  }

  /** Takes the table of items and its arrays over from prepare. */
  async addCatalogue(locate: (file: CatalogueFile) => string | undefined): Promise<void> {
    for (const name of CATALOGUE_FILES) {
      const from = locate(name);
      if (from === undefined) continue;
      const fill = (to: string): Promise<void> => linkOrCopy(from, to);
      this.#catalogue[name] = await this.#packed(`catalogue/${name}`, catalogueFileName(name), fill);
    }
  }

  /**
   * Takes a finished package over as a member, without its catalogue: the members of a model are of its own items.
   * @param folder of the member's package
   */
  async addMember(folder: string, member: PackagedMember): Promise<void> {
    this.#members.push(await this.#memberAt(folder, member, ''));
  }

  async #memberAt(
    folder: string,
    { name, kind, kindVersion, files, members }: PackagedMember,
    under: string,
  ): Promise<PackagedMember> {
    const inside = `${under}${memberFolder(name)}/`;
    const taken: Files = {};
    for (const [artifact, { file }] of Object.entries(files)) {
      const fill = (to: string): Promise<void> => linkOrCopy(path.join(folder, file), to);
      const written = await this.#packed(inside + artifact, inside + file, fill);
      taken[artifact] = { ...written, file };
    }
    const own: PackagedMember[] = [];
    for (const member of members)
      own.push(await this.#memberAt(path.join(folder, memberFolder(member.name)), member, inside));
    return { name, kind, kindVersion, files: taken, members: own };
  }

  /** Writes what makes the folder a package. */
  async finish(facts: ModelFacts, parity: unknown): Promise<void> {
    const packed = await this.#packed('parity', 'parity.json', (file) =>
      fs.writeFile(file, `${JSON.stringify(parity)}\n`),
    );
    const model: ModelFile = {
      format: 2,
      ...facts,
      catalogue: { ...facts.catalogue, files: this.#catalogue },
      files: this.#files,
      members: this.#members,
      parity: packed,
    };
    await this.#write(MODEL_ARTIFACT, MODEL_FILE, (file) =>
      fs.writeFile(file, `${JSON.stringify(model, null, 2)}\n`),
    );
  }

  async #packed(name: string, file: string, fill: Parameters<WritePackaged>[2]): Promise<PackagedFile> {
    const { bytes, sha256 } = await this.#write(name, file, fill);
    return { file, bytes, sha256 };
  }
}
