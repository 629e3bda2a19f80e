import * as fs from 'node:fs';
import type { DriverState, ProcessIdentity } from '../../protocol/step.ts';
import { UserError } from '../../protocol/user-error.ts';
import { removeLeftovers } from '../store/atomic-file.ts';
import { heartbeatAge } from '../store/event-log.ts';
import { makeFolder } from '../store/make-folder.ts';
import { isAlive, ownIdentity } from '../store/process-identity.ts';
import { readClaim } from '../store/read-claim.ts';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';

/** Writers of the driver's folder are done within moments; what is older was left by one that was killed. */
const LEFTOVER_MS = 60_000;
const CLAIM_PATIENCE_MS = 1000;
const POLL_MS = 20;

export interface Claim {
  readonly attempt: number;
  /** What the last driver left; undefined where that is damaged. */
  readonly last: DriverState | undefined;
}

/**
 * Takes the right to drive a run: one claim file, made exclusively, so that of two that try one wins.
 * @throws UserError when another process drives the run, or is about to
 */
export async function claimRun(run: RunFolder): Promise<Claim> {
  const last = run.usableDriverState();
  if (last !== undefined && run.alive(DRIVER, last))
    throw new UserError(
      `Run ${run.id} is already running (process ${last.process.pid}).`,
      `Watch it: recsys show ${run.id}, or cancel it: recsys cancel ${run.id}`,
    );
  const folder = run.stepFolder(DRIVER);
  makeFolder(folder);
  await removeLeftovers(folder, LEFTOVER_MS);
  for (let attempt = (last?.attempt ?? 0) + 1; ; attempt++) {
    const file = run.claimFile(attempt);
    if (take(file)) return { attempt, last };
    // A claim without a state is of a process that begins just now, or that was killed right after it.
    const holder = await holderOf(file);
    if (holder !== undefined && isAlive(holder, heartbeatAge(file)))
      throw new UserError(
        `Run ${run.id} is being started by another process (${holder.pid}).`,
        'Try again in a few seconds.',
      );
  }
}

function take(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    fs.writeSync(descriptor, JSON.stringify(ownIdentity()));
    return true;
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Who holds a claim; undefined when it was killed before it could say. */
async function holderOf(file: string): Promise<ProcessIdentity | undefined> {
  const deadline = performance.now() + CLAIM_PATIENCE_MS;
  do {
    const holder = readClaim(file);
    if (holder !== undefined) return holder;
    // Made, but not yet filled.
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  } while (performance.now() < deadline);
  return undefined;
}
