/** The queries that the figures of a run's test part were measured on, with their ranks as the evaluation left them. */
import { readNpy } from '../../../data/npy.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';
import type { TestQueries } from '../../../flow/flow-views.ts';
import { locateArtifact } from '../../../flow/inputs.ts';
import { queryItems, targetOf, type QuerySet } from '../../../metrics/queries.ts';
import { byRepeat, bySequenceLength, byTargetPopularity } from '../../../metrics/slices.ts';
import { DamagedFileError } from '../../../store/damaged-file.ts';
import type { RunFolder } from '../../../store/run-folder.ts';
import { askedOf } from '../asked.ts';
import { EVALUATED } from '../evaluate/branch-result.ts';
import { heldOutQueries } from '../evaluate/held-out-queries.ts';
import { testedData } from '../refit/refits.ts';

const PREPARE = 'prepare';

/**
 * @param step that evaluated, whose branches are models, or which has one model
 * @throws UserError where the data have no test part
 */
export function testQueries(run: RunFolder, prepared: PreparedData, step: string): TestQueries {
  const manifest = run.manifest();
  const data = testedData({ manifest }, prepared);
  const seed = Number(manifest.parameters['seed'] ?? 0);
  const queries = heldOutQueries({ manifest, seed }, data, 'test');
  const asked = askedOf({ manifest }, data);
  const { positions, queriesPerSequence, seen } = asked;
  const key = run.stepState(PREPARE)?.key;
  return {
    count: queries.targets.length,
    query: (number) => queryItems(queries, number),
    target: (number) => targetOf(queries, number),
    sequence: (number) => firstSequence(data) + (queries.sequence[number] ?? 0),
    seen,
    identity: JSON.stringify([key, positions, queriesPerSequence, queriesPerSequence === 0 ? 0 : seed]),
    slices: [byTargetPopularity(queries, data.trainCounts), bySequenceLength(queries), byRepeat(queries)],
    ranks: (model) => ranksOf(run, step, model, queries),
  };
}

function firstSequence({ layout }: PreparedData): number {
  return layout.leaveOneOut ? 0 : layout.train + layout.validation;
}

async function ranksOf(
  run: RunFolder,
  step: string,
  model: string,
  queries: QuerySet,
): Promise<Int32Array | undefined> {
  const file = locateArtifact(run, step, model, EVALUATED.ranks.test);
  if (file === undefined) return undefined;
  const { array } = await readNpy(file, Int32Array);
  const count = queries.targets.length;
  if (array.length !== count)
    throw new DamagedFileError(file, `it has ${array.length} ranks, and the test part ${count} queries`);
  return array;
}
