/** What writes the archive of a package; the exporter of SavedModels is one. */
import type { GraphFigures } from '../../protocol/graph-figures.ts';

export interface WrittenArchive {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ArchiveOptions {
  readonly name: string;
  readonly version: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

export interface PreparedArchive {
  readonly graph: GraphFigures;
  /** Writes `model.tar.gz`; equal packages give equal bytes. @throws UserError where it cannot be written */
  readonly write: (output: string, options: ArchiveOptions) => Promise<WrittenArchive>;
}

/**
 * Builds what is to be written of a package.
 * @param options `verified`: its files are known to be what was written
 * @throws UserError where a package cannot be exported
 */
export type PrepareArchive = (
  packageFolder: string,
  options: { readonly maxK: number; readonly verified: boolean },
) => Promise<PreparedArchive>;
