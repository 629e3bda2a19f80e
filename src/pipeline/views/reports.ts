import { DataProfile } from '../../protocol/profile.ts';
import { locateArtifact } from '../flow/inputs.ts';
import { readArtifact } from '../flow/read-artifact.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** The profile of a run's data; undefined until they are prepared. @throws UserError when it cannot be read */
export function readProfile(run: RunFolder): DataProfile | undefined {
  return readArtifact(run, flowOf(run.manifest().flow).shows.profile, DataProfile);
}

/** Whether the report of a run is written. @throws UserError when it is damaged */
export function hasReport(run: RunFolder): boolean {
  const { step, artifact } = flowOf(run.manifest().flow).shows.report;
  return locateArtifact(run, step, undefined, artifact) !== undefined;
}
