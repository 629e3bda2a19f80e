import type { ProjectionMethod } from '../../protocol/projection.ts';

/** Raised when a method places equal vectors elsewhere, or measures its picture otherwise: kept pictures are made anew. */
export const METHOD_VERSIONS: Readonly<Record<ProjectionMethod, string>> = { pca: '1', umap: '1', tsne: '1' };
