/** Words of a thread's settings block, in the order `configure` of src/kernels/word2vec/state.ts reads them. */
export const KERNEL_SETTINGS = [
  'rowCount',
  'rowBytes',
  'vectorBytes',
  'dimension',
  'inputVectors',
  'outputVectors',
  'cumulative',
  'guide',
  'guideShift',
  'keep',
  'sigmoids',
  'tokens',
  'sentences',
  'scratch',
  'stats',
  'cancelFlag',
  'windowSize',
  'negative',
  'meanOfContext',
  'shrinkWindows',
  'groupSize',
  'sharedNegatives',
  'chunkSize',
  'seed',
  'stripes',
  'longest',
] as const;

export type KernelSettings = Readonly<Record<(typeof KERNEL_SETTINGS)[number], number>>;

/** Writes a settings block at byte `at` of the kernel's memory. */
export function writeSettings(memory: ArrayBufferLike, at: number, settings: KernelSettings): void {
  const words = new Uint32Array(memory, at, KERNEL_SETTINGS.length);
  KERNEL_SETTINGS.forEach((name, index) => (words[index] = settings[name]));
}
