/** `result.json` of an evaluate branch: all figures of one model; the report joins them. */
import * as z from 'zod/mini';
import { ModelResult, ModelSummary } from '../../../../protocol/report.ts';
import { requireJson } from '../../../store/read-json.ts';

export const BranchResult = z.object({
  format: z.literal(1),
  model: ModelSummary,
  validation: ModelResult,
  test: ModelResult,
});
export type BranchResult = z.infer<typeof BranchResult>;

/** Artifacts of an evaluate branch. */
export const EVALUATED = {
  result: 'result',
  /** Headline rank of each query's target, int32, 0 for a miss or a rank beyond 100; in the order of `heldOutQueries`. */
  ranks: { validation: 'ranksValidation', test: 'ranksTest' },
  /** `ExplainedRanking`, of models that are made of others. */
  explained: 'explained',
} as const;

/** @throws UserError when it is broken or cannot be read */
export function readBranchResult(file: string): Promise<BranchResult> {
  return requireJson(file, BranchResult);
}
