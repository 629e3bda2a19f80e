/** All formats of exports. A new one is a file here, a line in this table, and its ending in `protocol/export-format.ts`. */
import type { ExportFormat } from '../../protocol/export-format.ts';
import type { Exporter } from './exporter.ts';
import { npy } from './npy.ts';
import { parquet } from './parquet.ts';
import { tsv } from './tsv.ts';
import { word2vec, word2vecBinary } from './word2vec.ts';

export const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  word2vec,
  'word2vec-binary': word2vecBinary,
  npy,
  parquet,
  tsv,
};
