import type { EvaluationReport } from '../../../../protocol/report.ts';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import { catalogueSize } from '../../../data/prepared-data.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { DEEPEST } from '../../../metrics/rank-metrics.ts';
import { queryWarnings } from '../evaluate/query-warnings.ts';
import type { Setting } from './measured-models.ts';

/**
 * All that a run warned of: of its data, its queries and its models. What is found only here is said as it is found.
 * @param protocol by which the queries were asked
 * @param steps that have a branch for each model
 */
export function warningsOf(
  context: StepContext,
  { data, queries }: Setting,
  protocol: EvaluationReport['protocol'],
  steps: readonly string[],
): string[] {
  const catalogue = catalogueSize(data);
  const items = oneOrMany(catalogue, '1 item', (count) => `${count} items`);
  const small =
    catalogue < DEEPEST
      ? [
          `The catalogue has ${items}: metrics at k = ${DEEPEST} look at more items than there are, so they say little.`,
        ]
      : [];
  const found = [...small, ...queryWarnings(protocol, queries)];
  for (const warning of found) context.reporter.warn(warning);
  const branches = steps.flatMap((step) => context.branches(step).finished);
  const own = branches.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`));
  // A second training warns of the same as the first.
  return [...new Set([...data.layout.warnings, ...found, ...own])];
}
