import type { Colouring } from '../../../src/drawing/colouring.ts';

/** Rows that the legend shows, 1 each; undefined: all. @param hidden ids of entries */
export function shownRows({ entries, ofRow }: Colouring, hidden: readonly string[]): Uint8Array | undefined {
  const visible = entries.map(({ id }) => (hidden.includes(id) ? 0 : 1));
  return visible.includes(0) ? ofRow.map((entry) => visible[entry] ?? 1) : undefined;
}
