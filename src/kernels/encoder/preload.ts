/** Takes sums nobody reads, so that no compiler leaves the loads out. */
let sink: f32 = 0;

/**
 * Reads one number of each cache line. Rows lie scattered over far more memory than the caches hold: reading several of
 * them in turn, without work between, lets the processor wait for all of them at once.
 */
export function preload(at: usize, bytes: usize): void {
  let sum: f32 = 0;
  for (let line: usize = 0; line < bytes; line += 64) sum += load<f32>(at + line);
  sink = sum;
}

/** Rows that are read before work on them begins. */
export const AHEAD: i32 = 16;

/** Sets `bytes` bytes (a multiple of 16) to 0; for a row, quicker than a call of memory.fill. */
@inline
export function clearRow(at: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) v128.store(at, zero);
}
