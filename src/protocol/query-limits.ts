/** Limits of what an endpoint is asked, wherever it runs. */

/** Length of a list that nobody asked otherwise, and of those of `serving_default`. */
export const DEFAULT_K = 10;
/** Items of one query, at most. */
export const MOST_ITEMS = 10_000;
