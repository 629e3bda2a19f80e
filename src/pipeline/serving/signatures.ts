/** The two signatures of a served model; the same as those of an exported SavedModel. */
export const DEFAULT_SIGNATURE = 'serving_default';
export const LIST_SIGNATURE = 'recommend';
export type SignatureName = typeof DEFAULT_SIGNATURE | typeof LIST_SIGNATURE;

/** What `recommend` may be asked for at most, unless told otherwise. */
export const DEFAULT_MAX_K = 100;
/** Stands for no item, at the end of a query and of a list. */
export const PADDING = '';
