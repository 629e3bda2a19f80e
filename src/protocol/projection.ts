/** Pictures of a model's item vectors in two dimensions: what all that make, send and show them agree on. */
import * as z from 'zod/mini';

export const ProjectionMethod = z.enum(['pca', 'umap', 'tsne']);
export type ProjectionMethod = z.infer<typeof ProjectionMethod>;

export const METHOD_TITLES: Readonly<Record<ProjectionMethod, string>> = {
  pca: 'PCA',
  umap: 'UMAP',
  tsne: 't-SNE',
};

/** So many items, the most frequent, each method places; more would take it longer than anyone waits. */
export const MOST_ITEMS: Readonly<Record<ProjectionMethod, number>> = {
  pca: 10_000_000,
  umap: 200_000,
  tsne: 2_000,
};

/** Nearest items that the trustworthiness of a picture looks at. */
export const TRUST_NEIGHBOURS = 15;

/**
 * How far the nearest items of a picture are near in the model too: trustworthiness, from 0 to 1 (Venna and Kaski 2001), and
 * that of PCA's picture of the same items beside it.
 */
export const ProjectionQuality = z.object({
  neighbours: z.int(),
  /** Items it was measured on, drawn by the seed. */
  sampled: z.int(),
  trustworthiness: z.number(),
  pca: z.number(),
});
export type ProjectionQuality = z.infer<typeof ProjectionQuality>;

/** What a projection does at the moment. */
export const ProjectionStage = z.enum(['starting', 'neighbours', 'settling', 'measuring', 'done']);
export type ProjectionStage = z.infer<typeof ProjectionStage>;

export const ProjectionProgress = z.object({
  stage: ProjectionStage,
  epoch: z.int(),
  epochs: z.int(),
});
export type ProjectionProgress = z.infer<typeof ProjectionProgress>;

/**
 * What items of a map can be marked by besides what they are: the newest part of the data they stand in, how often the model
 * hit them as targets of the test part, in how many sequences they stand whose name holds a word.
 */
export const MapMark = z.enum(['split', 'hits', 'keyword']);
export type MapMark = z.infer<typeof MapMark>;

/** Values of marks by `split`, and by `hits`, in their order. */
export const SPLIT_MARKS = ['train', 'validation', 'test'] as const;
export const HIT_MARKS = ['notAsked', 'missed', 'seldom', 'often'] as const;

/** A hit is a target among so many of the best. */
export const MARK_DEPTH = 10;

export const LONGEST_KEYWORD = 200;

export const MarkQuestion = z.object({
  by: MapMark,
  /** Of `keyword` the word, which is then needed. */
  keyword: z.optional(z.string().check(z.maxLength(LONGEST_KEYWORD))),
});
export type MarkQuestion = z.infer<typeof MarkQuestion>;

/** What a map is of. */
export const MapOf = z.object({
  run: z.string(),
  /** The run's own name, where a person gave it one. */
  label: z.optional(z.string()),
  model: z.string(),
  kind: z.string(),
  dimension: z.int(),
  items: z.int(),
  /** Items of the catalogue that the model has no vector for, and those whose vector has no direction. */
  withoutVector: z.int(),
  withoutDirection: z.int(),
});
