/** Branches that are missing from the comparison, and why. */
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import { h } from '../../kit/element.ts';
import type { Child } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';
import { icon } from '../../kit/icon.ts';
import { name } from '../../kit/parts.ts';

export function failedBranches(report: EvaluationReport | undefined): Child {
  const failed = report?.failedBranches ?? [];
  if (failed.length === 0) return undefined;
  const items = failed.map((branch) =>
    h('li', {}, name(branch.name), ': ', h('bdi', {}, cut(branch.message, 600))),
  );
  const text = h(
    'div',
    {},
    h('p', {}, 'Left out of the comparison, because they failed:'),
    h('ul', {}, ...items),
  );
  return h('div', { class: 'callout callout-error' }, icon('failed'), text);
}
