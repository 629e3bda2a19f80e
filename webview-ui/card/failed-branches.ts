/** Branches that are missing from the comparison, and why. */
import type { EvaluationReport } from '../../src/protocol/report.ts';
import { h } from '../shared/element.ts';
import type { Child } from '../shared/element.ts';
import { cut } from '../shared/format.ts';
import { icon } from '../shared/icon.ts';
import { name } from '../shared/parts.ts';

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
