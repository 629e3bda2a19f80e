/** How a run's memory limit is shared out. One unit everywhere: the MiB of 2^20 bytes. */
import * as os from 'node:os';
import { hintInWindow } from '../../protocol/text/window-hint.ts';
import { UserError } from '../../protocol/user-error.ts';

export const MIB = 2 ** 20;

/** What the driver takes, which looks at the data with DuckDB, and a process that stands by for the next step. */
export const DRIVER_MIB = 200;
/** What Node, the program and the heap of a step's process take beside the data it works on. */
export const PROCESS_MIB = 90;
/** A run cannot do with less: the driver, and a step that prepares data. */
export const LEAST_RUN_MIB = 512;

/** Share of the machine's memory a run may use unless told otherwise. */
const SHARE = 0.6;

/** MiB of this machine, or of the container the process runs in, where that has less. */
export function machineMemory(): number {
  // Without a limit it is 0 or a number beyond all memory.
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
  return Math.floor(bytes / MIB);
}

export function defaultMemoryLimit(memory = machineMemory()): number {
  return Math.max(LEAST_RUN_MIB, Math.floor(memory * SHARE));
}

/** MiB that the steps of a run may use together. */
export function stepsMemory(limit: number): number {
  return Math.max(PROCESS_MIB, limit - DRIVER_MIB);
}

/**
 * MiB for a task that is about to start.
 * @param need what it needs at least
 * @param fair its share where as many run as may
 * @param free what no running task was given
 * @param alone whether none is running
 * @returns undefined: it has to wait for others to end
 */
export function memoryFor(need: number, fair: number, free: number, alone: boolean): number | undefined {
  if (need > free && !alone) return undefined;
  return Math.min(free, Math.max(need, fair));
}

export interface MemoryDemand {
  /** What needs it: `Training sequential-item-knn`. */
  readonly what: string;
  /** Bytes beside the process itself. */
  readonly bytes: number;
  /** What makes it need less. */
  readonly advice: string;
}

/**
 * @param limit MiB of the step's process
 * @throws UserError when a step needs more, naming the limit of the run that would do
 */
export function requireMemory({ what, bytes, advice }: MemoryDemand, limit: number): void {
  const need = Math.ceil(bytes / MIB) + PROCESS_MIB;
  if (need <= limit) return;
  throw new UserError(
    `${what} needs about ${need} MiB of memory, and ${limit} MiB are left for it within the run's limit.`,
    `Run with --memory-limit ${need + DRIVER_MIB} or more. ${advice}`,
    {
      remedy: 'settings',
      inWindow: `Set “Memory Limit” to ${need + DRIVER_MIB} or more. ${hintInWindow({ hint: advice })}`,
    },
  );
}
