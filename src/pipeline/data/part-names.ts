import type { SplitName } from './prepared-data.ts';

/** What a column may call a part of the data, in any case. */
export const PART_NAMES: Readonly<Record<SplitName, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'val', 'dev'],
  test: ['test', 'testing'],
};

const ALL = new Set(Object.values(PART_NAMES).flat());

/** Whether a value names a part. */
export function namesPart(value: string): boolean {
  return ALL.has(value.trim().toLowerCase());
}
