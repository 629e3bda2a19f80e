import type { OpenVectors } from '../model/open-vectors.ts';

export interface ExportJob {
  readonly signal?: AbortSignal | undefined;
  /** Hears of rows that are written; each is counted once, whatever the number of files. */
  readonly onRows?: ((done: number) => void) | undefined;
}

/** Writes vectors in one format. */
export interface Exporter {
  /** How names of items are written, in a sentence. */
  readonly namesStated: string;
  /**
   * Writes new files. Whoever calls it puts them in their places, or removes them where it fails.
   * @param files that of the vectors first
   * @returns what a reader of the files must know besides, in sentences
   */
  write(vectors: OpenVectors, files: readonly string[], job: ExportJob): Promise<readonly string[]>;
}
