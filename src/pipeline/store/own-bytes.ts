import type { Artifact } from '../../protocol/step.ts';

/** Bytes that artifacts take on the disk, those left out that are others of the run under a second name. */
export function ownBytes(artifacts: readonly Artifact[]): number {
  return artifacts.reduce((sum, { bytes, linked = false }) => (linked ? sum : sum + bytes), 0);
}
