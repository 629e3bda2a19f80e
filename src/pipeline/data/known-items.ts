/** Items known at training time, by item code: 1 for those with training rows, and those that a catalogue's file lists. */
export function knownItems(trainCounts: Uint32Array, listed: Uint8Array | undefined): Uint8Array {
  return Uint8Array.from(trainCounts, (rows, item) => (rows > 0 || listed?.[item] === 1 ? 1 : 0));
}
