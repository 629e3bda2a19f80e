/** What `recsys export` can write. */

/** Formats with the ending of their file of vectors. */
export const EXPORT_ENDINGS = {
  word2vec: '.txt',
  'word2vec-binary': '.bin',
  npy: '.npy',
  parquet: '.parquet',
  tsv: '.tsv',
} as const;
export type ExportFormat = keyof typeof EXPORT_ENDINGS;

/** Formats of a whole model, which answers, rather than of its vectors; kinds without vectors have them too. */
export const MODEL_FORMATS = ['savedmodel', 'onnx'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

/** Formats of whole models with the ending of their one file; a SavedModel may be a folder, too. */
export const MODEL_ENDINGS: Readonly<Record<ModelFormat, string>> = { savedmodel: '.tar.gz', onnx: '.onnx' };

export function isModelFormat(format: ExportFormat | ModelFormat): format is ModelFormat {
  return MODEL_FORMATS.some((known) => known === format);
}

/** Ending of the file, or of that of the vectors where there are two. */
export function endingOf(format: ExportFormat | ModelFormat): string {
  return isModelFormat(format) ? MODEL_ENDINGS[format] : EXPORT_ENDINGS[format];
}

export const EXPORT_FORMATS = Object.keys(EXPORT_ENDINGS) as readonly ExportFormat[];

/** How the second file's name ends, of formats that have one. */
const COMPANIONS: Readonly<Partial<Record<ExportFormat, string>>> = { npy: 'names.txt', tsv: 'metadata.tsv' };

/** In a folder of its own, the file that stands beside that of the vectors; undefined where all is in one. */
export function companionName(format: ExportFormat): string | undefined {
  return COMPANIONS[format];
}

/** Path of the file that stands beside that of the vectors, named after it. */
export function companionOf(format: ExportFormat, file: string): string | undefined {
  const companion = companionName(format);
  if (companion === undefined) return undefined;
  const ending = EXPORT_ENDINGS[format];
  return `${file.endsWith(ending) ? file.slice(0, -ending.length) : file}.${companion}`;
}
