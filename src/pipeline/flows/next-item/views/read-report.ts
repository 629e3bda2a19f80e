import { EvaluationReport } from '../../../../protocol/report.ts';
import { readArtifact } from '../../../flow/read-artifact.ts';
import type { RunFolder } from '../../../store/run-folder.ts';

/** Where the flow, and the one that searches its parameters, leave the report. */
export const REPORT = { step: 'report', artifact: 'report' } as const;

/** The evaluation of a run; undefined until it is finished. @throws UserError when it cannot be read */
export function readReport(run: RunFolder): EvaluationReport | undefined {
  return readArtifact(run, REPORT, EvaluationReport);
}
