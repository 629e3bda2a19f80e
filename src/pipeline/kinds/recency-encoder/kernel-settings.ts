/** Words of a thread's settings block, in the order `configure` of src/kernels/encoder/state.ts reads them. */
const INTEGERS = [
  'itemCount',
  'vectorBytes',
  'rowBytes',
  'batchSize',
  'negatives',
  'drawnRows',
  'historyLength',
  'maskedHistory',
  'items',
  'itemFirst',
  'itemSecond',
  'itemSteps',
  'offsets',
  'offsetFirst',
  'offsetSecond',
  'offsetSteps',
  'lagWeights',
  'lagFirst',
  'lagSecond',
  'lagSteps',
  'tokens',
  'tokenCount',
  'starts',
  'positions',
  'positionCount',
  'sampleCorrections',
  'corrections',
  'correctionCount',
  'scratch',
  'stats',
  'seed',
  'learnsLags',
] as const;
const REALS = ['inverseTemperature', 'itemDropout', 'queryDropout'] as const;

export type EncoderSettings = Readonly<Record<(typeof INTEGERS)[number] | (typeof REALS)[number], number>>;

export const SETTINGS_BYTES = 4 * (INTEGERS.length + REALS.length);

/** Writes a settings block at byte `at` of the kernel's memory. */
export function writeEncoderSettings(memory: ArrayBufferLike, at: number, settings: EncoderSettings): void {
  const words = new Uint32Array(memory, at, INTEGERS.length);
  INTEGERS.forEach((name, index) => (words[index] = settings[name]));
  const reals = new Float32Array(memory, at + 4 * INTEGERS.length, REALS.length);
  REALS.forEach((name, index) => (reals[index] = settings[name]));
}
