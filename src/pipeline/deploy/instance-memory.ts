/** The usual instances, and the memory that they have. */
export interface UsualInstance {
  readonly instance: string;
  /** MiB. */
  readonly memory: number;
}

/** Of one family, smallest first. */
export const USUAL_INSTANCES: readonly UsualInstance[] = [
  { instance: 'ml.m5.large', memory: 8192 },
  { instance: 'ml.m5.xlarge', memory: 16_384 },
  { instance: 'ml.m5.2xlarge', memory: 32_768 },
  { instance: 'ml.m5.4xlarge', memory: 65_536 },
];

/** Whether so many MiB fit into it, with a quarter to spare. */
export function hasRoom({ memory }: UsualInstance, needed: number): boolean {
  return needed <= 0.75 * memory;
}

/** Whether it is one of them that has no room; of others nothing is known. */
export function isTooSmall(instance: string, needed: number): boolean {
  const usual = USUAL_INSTANCES.find((one) => one.instance === instance);
  return usual !== undefined && !hasRoom(usual, needed);
}
