const IS_BOUNDARY = /[^\p{L}\p{N}]/u;

function isBoundary(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0x61 && code <= 0x7a) return false;
  return IS_BOUNDARY.test(text.charAt(at));
}

/**
 * How far the nearest part of a text that begins with a word is from what was typed: letters left out, added, changed, or
 * exchanged with their neighbour (optimal string alignment, the part's end free as by Sellers, 1980).
 * @returns a number above `limit` where it is further
 */
export function distanceWithin(typed: string, text: string, limit: number): number {
  const width = text.length + 1;
  let before = new Uint8Array(width);
  let row = starts(text);
  let last = new Uint8Array(width);
  for (let i = 1; i <= typed.length; i++) {
    [last, before, row] = [before, row, last];
    row[0] = Math.min(255, i);
    const letter = typed.charCodeAt(i - 1);
    let least = row[0];
    for (let j = 1; j < width; j++) {
      const other = text.charCodeAt(j - 1);
      let cost = (before[j - 1] ?? 0) + (letter === other ? 0 : 1);
      cost = Math.min(cost, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const exchanged =
        i > 1 && j > 1 && letter === text.charCodeAt(j - 2) && typed.charCodeAt(i - 2) === other;
      if (exchanged) cost = Math.min(cost, (last[j - 2] ?? 0) + 1);
      row[j] = Math.min(255, cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
  }
  return row.reduce((least, cost) => Math.min(least, cost), 255);
}

/** Beginning at a word costs nothing, beginning within one the letters before. */
function starts(text: string): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(text.length + 1);
  for (let j = 1; j <= text.length; j++)
    row[j] = isBoundary(text, j - 1) ? 0 : Math.min(255, (row[j - 1] ?? 0) + 1);
  return row;
}
