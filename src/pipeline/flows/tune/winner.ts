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

interface Measured {
  readonly rung: Rung;
  readonly standing: Standing;
}

export interface Winner {
  readonly rung: Rung;
  readonly best: Standing;
  /** The first trial where it was trained longest: what a run without tuning would have, if it was trained whole. */
  readonly start: (Measured & { readonly spec: ModelSpec }) | undefined;
  /** What the winner is trained with: its setting, and the training it was measured with. */
  readonly spec: ModelSpec;
}

/** What the start is called where it is compared, as the winner may be the same trial, trained less. */
const START_NAME = 'start';

/** The name of the model that is kept. */
export function winnerName(kind: string): string {
  return `${kind}-tuned`;
}

/**
 * The best of all that was measured, whichever rung measured it: a setting trained for a part is a setting of its own, and
 * training on may make it worse. Of equals, the one that was trained longest.
 * @throws UserError when no trial was finished
 */
export async function chooseWinner(context: StepContext): Promise<Winner> {
  const { manifest } = context;
  const kind = tunedKind(manifest);
  const measured: Measured[] = [];
  for (const rung of rungsOf(manifest).toReversed())
    for (const standing of await standingsOf(context, rung.step)) measured.push({ rung, standing });
  const [winner] = measured.toSorted(
    ({ standing: a }, { standing: b }) => b.result.estimate.value - a.result.estimate.value,
  );
  const won = winner && specOf(context, winner);
  if (winner === undefined || won === undefined)
    throw new UserError(
      'No trial could be fitted and measured.',
      'See what went wrong with each: recsys logs',
    );
  const { rung, standing: best } = winner;
  const start = measured.find(({ standing }) => standing.result.trial === trialName(0));
  const begun = start && specOf(context, start);
  return {
    ...{ rung, best, spec: { ...won, name: winnerName(kind.name) } },
    start: start === undefined || begun === undefined ? undefined : { ...start, spec: begun },
  };
}

/** What a trial was trained with in a rung. */
function specOf({ manifest }: StepContext, { rung, standing }: Measured): ModelSpec | undefined {
  const trial = manifest.models.find(({ name }) => name === standing.result.trial);
  return trial && shortened(tunedKind(manifest), trial, rung.share);
}

async function ranksOf({ branch }: Standing): Promise<Int32Array | undefined> {
  const file = branch.locate(TRIAL.ranks);
  return file === undefined ? undefined : (await readNpy(file, Int32Array)).array;
}

/** The winner against the start on validation. */
export async function leadOf(
  context: StepContext,
  data: PreparedData,
  { best, start }: Winner,
): Promise<PairedTest | undefined> {
  if (start === undefined || start.standing === best) return undefined;
  const ranked = await Promise.all(
    [best, start.standing].map(async (standing) => {
      const ranks = await ranksOf(standing);
      const name = standing === best ? standing.result.trial : START_NAME;
      return ranks === undefined ? [] : [{ name, ranks: onValidation(context, data, ranks) }];
    }),
  );
  const [lead] = pairedTests(ranked.flat(), best.result.metric as RankMetric);
  return lead;
}
