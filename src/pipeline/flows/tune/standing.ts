/** How trials stand: the results of a rung in order, and which of them go on. */
import { TrialResult } from '../../../protocol/tuning.ts';
import { requireJson } from '../../store/read-json.ts';
import type { FinishedBranch, StepContext } from '../../flow/step-context.ts';

/** Artifacts of a trial. */
export const TRIAL = {
  result: 'trial',
  /** Rank of each validation query's target, int32, 0 for a miss. */
  ranks: 'ranks',
} as const;

/** Where the flow leaves what it found. */
export const OUTCOME = { step: 'report', artifact: 'tuning' } as const;

export interface Standing {
  readonly branch: FinishedBranch;
  readonly result: TrialResult;
}

async function readStanding(branch: FinishedBranch): Promise<Standing> {
  const file = branch.locate(TRIAL.result);
  if (file === undefined) throw new Error(`trial ${branch.name} left no result`);
  return { branch, result: await requireJson(file, TrialResult) };
}

/** Best first; equal figures by the trials' order, so that the start wins ties. */
export function inOrder<T extends { readonly result: TrialResult }>(standings: readonly T[]): T[] {
  return [...standings].sort(
    ({ result: a }, { result: b }) =>
      b.estimate.value - a.estimate.value || (a.trial < b.trial ? -1 : a.trial > b.trial ? 1 : 0),
  );
}

/** The finished results of a rung, best first. */
export async function standingsOf(context: StepContext, step: string): Promise<Standing[]> {
  const { finished } = context.branches(step);
  return inOrder(await Promise.all(finished.map(readStanding)));
}
