import { ExplainedRanking } from '../../../../protocol/explanation.ts';
import type { EvaluationReport } from '../../../../protocol/report.ts';
import { locateArtifact } from '../../../flow/inputs.ts';
import { readJson } from '../../../store/read-json.ts';
import type { RunFolder } from '../../../store/run-folder.ts';
import { EVALUATED } from '../evaluate/branch-result.ts';

/**
 * Explained lists of the best model on validation that is made of others; undefined where there is none, and of runs of
 * earlier versions.
 * @throws UserError when they cannot be read
 */
export function readExplained(
  run: RunFolder,
  { models, metrics, selection }: EvaluationReport,
): ExplainedRanking | undefined {
  const valueOf = (name: string): number =>
    metrics.validation[name]?.metrics[selection.metric]?.value ?? -Infinity;
  const rankOf = (name: string): number => (name === selection.best ? Infinity : valueOf(name));
  const [best] = models
    .filter(({ stack, blend }) => stack !== undefined || blend !== undefined)
    .map(({ name }) => name)
    .sort((a, b) => rankOf(b) - rankOf(a) || 0);
  if (best === undefined) return undefined;
  const file = locateArtifact(run, 'evaluate', best, EVALUATED.explained);
  return file === undefined ? undefined : readJson(file, ExplainedRanking);
}
