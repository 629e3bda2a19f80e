/** What writes the archive of a package; the exporter of SavedModels is one. */

export interface WrittenArchive {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ArchiveOptions {
  readonly name: string;
  readonly version: string;
  readonly maxK?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Writes `model.tar.gz` of a package; equal packages give equal bytes.
 * @throws UserError where a package cannot be exported, or the file not be written
 */
export type ArchiveWriter = (
  packageFolder: string,
  output: string,
  options: ArchiveOptions,
) => Promise<WrittenArchive>;
