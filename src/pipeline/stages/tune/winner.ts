/** Which trial won, and by how much. */
import type { PairedTest } from '../../../protocol/report.ts';
import type { ModelSpec } from '../../../protocol/run.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { readNpy } from '../../data/npy.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { pairedTests } from '../../metrics/paired-test.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import { onValidation } from './measure-trial.ts';
import type { Rung } from './rungs.ts';
import { standingsOf, TRIAL, type Standing } from './standing.ts';
import { trialName } from './tune-plan.ts';
import { rungsOf, shortened, tunedKind } from './tuning-plan.ts';

export interface Winner {
  readonly rung: Rung;
  readonly best: Standing;
  /** All results of that rung, best first. */
  readonly standings: readonly Standing[];
  /** What the winner is trained with. */
  readonly spec: ModelSpec;
}

/** The name of the model that is kept. */
export function winnerName(kind: string): string {
  return `${kind}-tuned`;
}

/**
 * The best trial of the last rung that has any result.
 * @throws UserError when no trial was finished
 */
export async function chooseWinner(context: StepContext): Promise<Winner> {
  const { manifest } = context;
  const kind = tunedKind(manifest);
  for (const rung of rungsOf(manifest).toReversed()) {
    const standings = await standingsOf(context, rung.step);
    const [best] = standings;
    const trial = manifest.models.find(({ name }) => name === best?.result.trial);
    if (best === undefined || trial === undefined) continue;
    const spec = { ...shortened(kind, trial, 1), name: winnerName(kind.name) };
    return { rung, best, standings, spec };
  }
  throw new UserError('No trial could be fitted and measured.', 'See what went wrong with each: recsys logs');
}

async function ranksOf({ branch }: Standing): Promise<Int32Array | undefined> {
  const file = branch.locate(TRIAL.ranks);
  return file === undefined ? undefined : (await readNpy(file, Int32Array)).array;
}

/** The winner against the start on validation, where both were trained whole. */
export async function leadOf(
  context: StepContext,
  data: PreparedData,
  { best, standings }: Winner,
): Promise<PairedTest | undefined> {
  const start = standings.find(({ result }) => result.trial === trialName(0));
  if (start === undefined || start === best) return undefined;
  const ranked = await Promise.all(
    [best, start].map(async (standing) => {
      const ranks = await ranksOf(standing);
      const name = standing.result.trial;
      return ranks === undefined ? [] : [{ name, ranks: onValidation(context, data, ranks) }];
    }),
  );
  const [lead] = pairedTests(ranked.flat(), best.result.metric as RankMetric);
  return lead;
}
