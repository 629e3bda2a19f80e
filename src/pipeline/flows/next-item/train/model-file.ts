/** `model.json`: what was trained, beside the artifacts of the model kind. */
import * as z from 'zod/mini';
import { ParameterValues } from '../../../../protocol/run.ts';
import { requireJson } from '../../../store/read-json.ts';

export const ModelFile = z.object({
  format: z.literal(1),
  name: z.string(),
  kind: z.string(),
  /** As used: what fitting chose by itself is filled in. */
  parameters: ParameterValues,
  /** Names of the parameters a person set. */
  given: z.array(z.string()),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** Name of the artifact of a train branch that holds its `ModelFile`. */
export const MODEL_ARTIFACT = 'model';

/** @throws UserError when it is broken or cannot be read */
export function readModelFile(file: string): Promise<ModelFile> {
  return requireJson(file, ModelFile);
}
