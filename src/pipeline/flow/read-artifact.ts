import type * as z from 'zod/mini';
import { readJson } from '../store/read-json.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { ArtifactAddress } from './flow-definition.ts';
import { locateArtifact } from './inputs.ts';

/**
 * Reads a JSON artifact of a step that runs once.
 * @returns undefined when the step is not finished or made no such artifact
 * @throws UserError when it is not what was written
 */
export function readArtifact<S extends z.ZodMiniType>(
  run: RunFolder,
  { step, artifact }: ArtifactAddress,
  schema: S,
): z.infer<S> | undefined {
  const file = locateArtifact(run, step, undefined, artifact);
  return file === undefined ? undefined : readJson(file, schema);
}
