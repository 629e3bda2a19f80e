/** Positions of an array by their key: those of key g are `positions[offsets[g] … offsets[g + 1])`, ascending. */
export interface GroupedPositions {
  readonly offsets: Uint32Array;
  readonly positions: Uint32Array;
}

/** Groups the positions of `keys` by key, 0 … groups − 1, by counting (linear time); negative keys are left out. */
export function groupPositions(keys: Int32Array, groups: number): GroupedPositions {
  const offsets = new Uint32Array(groups + 1);
  for (const key of keys) if (key >= 0) offsets[key + 1] = (offsets[key + 1] ?? 0) + 1;
  for (let g = 0; g < groups; g++) offsets[g + 1] = (offsets[g + 1] ?? 0) + (offsets[g] ?? 0);
  const next = offsets.slice();
  const positions = new Uint32Array(offsets[groups] ?? 0);
  keys.forEach((key, at) => {
    if (key < 0) return;
    const place = next[key] ?? 0;
    positions[place] = at;
    next[key] = place + 1;
  });
  return { offsets, positions };
}
