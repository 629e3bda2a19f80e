import type * as z from 'zod/mini';
import { DataProfile } from '../../protocol/profile.ts';
import { EvaluationReport } from '../../protocol/report.ts';
import type { ArtifactAddress } from '../flow/flow-definition.ts';
import { flowOf } from '../flows/registry.ts';
import { locateArtifact } from '../flow/inputs.ts';
import { readJson } from '../store/read-json.ts';
import type { RunFolder } from '../store/run-folder.ts';

function readArtifact<S extends z.ZodMiniType>(
  run: RunFolder,
  { step, artifact }: ArtifactAddress,
  schema: S,
): z.infer<S> | undefined {
  const file = locateArtifact(run, step, undefined, artifact);
  return file === undefined ? undefined : readJson(file, schema);
}

/** The evaluation of a run; undefined until it is finished. */
export function readReport(run: RunFolder): EvaluationReport | undefined {
  return readArtifact(run, flowOf(run.manifest().flow).shows.report, EvaluationReport);
}

/** The profile of a run's data; undefined until they are prepared. */
export function readProfile(run: RunFolder): DataProfile | undefined {
  return readArtifact(run, flowOf(run.manifest().flow).shows.profile, DataProfile);
}
