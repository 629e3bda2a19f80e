/** What a blend is made of, and what each part adds to it on validation. */
import type { BlendMember, BlendSummary, EvaluationReport } from '../../../src/protocol/report.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut, difference, plural, rate, significant } from '../../kit/format.ts';
import { name, section } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import type { Column, Row } from '../../kit/table.ts';
import { metricTitle } from './metric-names.ts';

/** A section for each blend of the run. */
export function blendSections(report: EvaluationReport): Child[] {
  const blends = report.models.flatMap(({ name: model, blend }) =>
    blend === undefined ? [] : [{ model, blend }],
  );
  return blends.map(({ model, blend }, index) =>
    section(
      blends.length === 1 ? 'Blend' : `Blend ${cut(model, 60)}`,
      introOf(blend),
      blendTable(`blend-table${index === 0 ? '' : `-${index + 1}`}`, model, blend),
      priorNote(blend),
      leftOutNote(blend),
    ),
  );
}

function introOf({ metric, queries }: BlendSummary): string {
  const sum = 'The score of an item is the sum of its scores by these models, each times its weight. ';
  if (metric === undefined)
    return `${sum}There were no validation queries, so what each adds was not measured.`;
  const where =
    queries === undefined ? 'validation' : plural(queries, 'validation query', 'validation queries');
  return (
    `${sum}${cut(metricTitle(metric), 60)} on the ${where} that the weights were chosen on: of each model alone, of the blend ` +
    'without it (the other weights as they are), and what it adds. Weights also make scales equal, so a small one need not mean little.'
  );
}

function blendTable(id: string, model: string, { members, metric, value }: BlendSummary): Drawn {
  const number = (column: string, label: string): Column => ({ id: column, label, numeric: true });
  const known = metric !== undefined && value !== undefined;
  const columns = [
    ...[{ id: 'member', label: 'Model' }, number('weight', 'Weight')],
    ...(known
      ? [number('alone', 'Alone'), number('without', 'Blend without it'), number('adds', 'Adds')]
      : []),
  ];
  const rows = members.map((part) => memberRow(part, known ? figures(part, value) : []));
  const whole: Row[] = known ? [{ head: name(model), emphasis: true, cells: ['', rate(value), '', ''] }] : [];
  return dataTable({
    id,
    caption: `What each model adds to ${cut(model, 60)}`,
    columns,
    rows: [...rows, ...whole],
  });
}

function memberRow(part: BlendMember, cells: readonly Child[]): Row {
  return { head: name(part.name), cells: [significant(part.weight, 3), ...cells] };
}

function figures({ alone, without }: BlendMember, value: number): Child[] {
  const figure = (known: number | undefined): Child => (known === undefined ? '–' : rate(known));
  return [figure(alone), figure(without), without === undefined ? '–' : difference(value - without)];
}

/** Models that were tried, and why they are no part of it. */
function leftOutNote({ leftOut = [] }: BlendSummary): Child {
  if (leftOut.length === 0) return undefined;
  const each = leftOut.map(
    ({ name: model, adds, errors }) =>
      `${cut(model, 60)} (${difference(adds)}, ${significant(errors, 2)} of its standard errors)`,
  );
  return h('p', { class: 'note' }, `Left out, for adding at most one standard error: ${each.join('; ')}.`);
}

/** What the blend adds to the members' scores whatever the query. */
function priorNote({ priorWeight = 0, coldWeight = 0 }: BlendSummary): Child {
  const prior = `${significant(priorWeight, 3)} times the recency prior, how often an item stands at the end of training sequences`;
  const cold = `${significant(coldWeight, 3)} for items without training rows`;
  const added = [...(priorWeight === 0 ? [] : [prior]), ...(coldWeight === 0 ? [] : [cold])];
  return added.length === 0 ? undefined : h('p', { class: 'note' }, `Added to these: ${added.join('; ')}.`);
}
