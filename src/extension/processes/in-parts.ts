/** What was taken of an answer that comes in parts. */
export interface PartTaken {
  readonly size: number;
  /** In all. */
  readonly of: number;
}

/**
 * Takes part after part of what the engine tells, until all is there.
 * @param take takes the part that begins at a place
 * @returns the size of all parts
 * @throws Error where the engine tells no more before all is there
 */
export async function inParts(take: (from: number) => Promise<PartTaken>): Promise<number> {
  for (let from = 0; ;) {
    const { size, of } = await take(from);
    from += size;
    if (from >= of) return from;
    if (size === 0) throw new Error(`the engine told ${from} of ${of}`);
  }
}
