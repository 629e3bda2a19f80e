import type { Headline } from '../../protocol/run-outcome.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readReport } from './reports.ts';

/**
 * The few figures that lists show of a run; none before its report is written.
 * @throws UserError when the report cannot be read
 */
export function headlineOf(run: RunFolder): Headline {
  const report = readReport(run);
  if (report === undefined) return {};
  const { best, bestEmbedding, metric, none = false } = report.selection;
  const verdict = report.verdicts[0]?.sentence;
  const value = report.metrics.test[best]?.metrics[metric]?.value;
  return {
    ...(none ? {} : { best }),
    ...(bestEmbedding === undefined ? {} : { bestEmbedding }),
    ...(value === undefined || none ? {} : { headline: { metric, value } }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}
