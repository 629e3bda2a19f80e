import type { ModelSpec, RunManifest } from '../../protocol/run.ts';
import type { Artifact } from '../../protocol/step.ts';
import type { Reporter } from '../reporter.ts';

/** A finished branch of an earlier foreach step. */
export interface FinishedBranch {
  readonly name: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly seconds: number;
  /** Path of one of its artifacts, undefined when it was not written. */
  locate(artifact: string): string | undefined;
  /** Its folder; all its artifacts are as they were written. */
  locateFolder(): string;
}

/** All that a step's code sees of the run: named inputs, named outputs, parameters, and how to speak and to stop. */
export interface StepContext {
  readonly manifest: RunManifest;
  /** The branch of a foreach step. */
  readonly branch?: ModelSpec;
  readonly threads: number;
  /** MiB (2^20 bytes) that this step's process may use. */
  readonly memoryLimit: number;
  readonly seed: number;
  readonly deterministic: boolean;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  /** Folder for spilled data; emptied when the step ends. */
  readonly scratch: string;
  /** Where this step's artifacts are written. */
  readonly folder: string;
  /** Path of an artifact of an earlier step; undefined when it was not written. */
  locate(step: string, artifact: string): string | undefined;
  /**
   * Folder of an earlier step, or of the branch of this name of an earlier foreach step; all its artifacts are as they
   * were written. Undefined when it is not finished.
   */
  locateFolder(step: string): string | undefined;
  /** Finished and failed branches of an earlier foreach step. */
  branches(step: string): { finished: FinishedBranch[]; failed: { name: string; message: string }[] };
  /** Seconds in which any branch of the step's `clocked` steps had run when it was started; 0 where nobody told. */
  readonly secondsUsed: number;
  /**
   * Writes one artifact whole or not at all; `write` fills the file at the given path.
   * @param file its name in the step's folder; `/` parts folders
   */
  write(name: string, file: string, write: (path: string) => Promise<void> | void): Promise<Artifact>;
  /** A headline figure for lists and tooltips. */
  metric(name: string, value: number): void;
}
