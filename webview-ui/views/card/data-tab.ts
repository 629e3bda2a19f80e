/** The profile of the data. */
import type { DataProfile } from '../../../src/protocol/profile.ts';
import { chartPlace } from '../../kit/charts/charts.ts';
import { lengthChart, popularityChart, range } from '../../kit/charts/profile-charts.ts';
import { popularityPoints } from '../../kit/charts/popularity.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, percent, plural, significant } from '../../kit/format.ts';
import { bar, details, facts, name, section } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import { opening } from './view-context.ts';
import type { ViewContext } from './view-context.ts';

export function dataTab(context: ViewContext): Drawn {
  const { profile, run } = context.card;
  if (profile === undefined) {
    const text =
      run.state === 'running'
        ? 'The profile appears here when the data are prepared.'
        : 'This run has no data profile: its data were not prepared.';
    return h('div', {}, section('Data', text));
  }
  return h(
    'div',
    {},
    countsSection(profile),
    readingsSection(profile),
    h('div', { class: 'two-up' }, lengthSection(context, profile), popularitySection(context, profile)),
    h(
      'div',
      { class: 'two-up' },
      topSection('Top items', profile.topItems, profile.rows),
      topSection('Top groups', profile.topGroups ?? [], profile.rows),
    ),
    qualitySection(profile),
  );
}

function countsSection(profile: DataProfile): Drawn {
  const { split, sequences, sequencesTotal, sequencesLongEnough, heldOut } = profile;
  const { rowsCut = 0, of = profile.rows } = heldOut?.boundaries ?? {};
  const { item = 0, sequence = 0 } = profile.missing ?? {};
  return section(
    'Counts',
    undefined,
    facts([
      ['Rows', count(profile.rows)],
      ...(rowsCut === 0 ? [] : [['Cut at a boundary in time', withShare(rowsCut, of)] as const]),
      ...optional('Left out: no item', item || undefined),
      ...optional('Left out: no key', sequence || undefined),
      ['Sequences', count(sequencesTotal)],
      ['Long enough', withShare(sequencesLongEnough, sequencesTotal)],
      ['After sampling', withShare(sequences, sequencesTotal)],
      ['Items', count(profile.items)],
      ...optional('Items of the catalogue', profile.catalogue?.items),
      ...optional('of them without rows', profile.catalogue?.added),
      ...optional('Groups', profile.groups),
      ...optional('Users', profile.users),
      ['Train', withShare(split.train, sequences)],
      ['Validation', withShare(split.validation, sequences)],
      ['Test', withShare(split.test, sequences)],
    ]),
  );
}

/** What the values of columns were taken for, where they did not say it themselves. */
function readingsSection({ notes = [] }: DataProfile): Child {
  if (notes.length === 0) return undefined;
  return section(
    'How columns were read',
    undefined,
    h('ul', { class: 'notes' }, ...notes.map((note) => h('li', {}, note))),
  );
}

function optional(term: string, value: number | undefined): [string, string][] {
  return value === undefined ? [] : [[term, count(value)]];
}

function withShare(part: number, whole: number): Drawn {
  return h('span', {}, count(part), whole > 0 && h('span', { class: 'muted' }, ` ${percent(part / whole)}`));
}

function lengthSection(context: ViewContext, profile: DataProfile): Drawn {
  const { length } = profile;
  if (length.min === length.max)
    return section(
      'Length of sequences',
      `Every sequence has ${plural(length.min, 'item')}, so there is nothing to plot.`,
    );
  const rows = length.histogram.map((bin) => ({ head: range(bin), cells: [count(bin.count)] }));
  const columns = [
    { id: 'length', label: 'Items' },
    { id: 'count', label: 'Sequences', numeric: true },
  ];
  const numbers = `Shortest ${count(length.min)}, median ${significant(length.median)}, mean ${significant(length.mean)}, 90 % at most ${significant(length.p90)}, longest ${count(length.max)}.`;
  return section(
    'Length of sequences',
    numbers,
    h('figure', {}, chartPlace(lengthChart(profile))),
    details(
      'length-table',
      'The figures of this plot',
      opening(context, 'length-table'),
      dataTable({ id: 'length-table', caption: 'Sequences by length', columns, rows }),
    ),
  );
}

function popularitySection(context: ViewContext, profile: DataProfile): Drawn {
  const columns = [
    { id: 'rows', label: 'Rows of an item' },
    { id: 'count', label: 'Items', numeric: true },
    { id: 'share', label: 'Share per row count', numeric: true },
  ];
  const rows = popularityPoints(profile).map(({ bin, y }) => ({
    head: range(bin),
    cells: [count(bin.count), significant(y)],
  }));
  return section(
    'Popularity of items',
    powerLawText(profile),
    h('figure', {}, chartPlace(popularityChart(profile))),
    details(
      'popularity-table',
      'The figures of this plot',
      opening(context, 'popularity-table'),
      dataTable({ id: 'popularity-table', caption: 'Items by their number of rows', columns, rows }),
    ),
  );
}

function powerLawText({ powerLaw }: DataProfile): string {
  if (powerLaw === undefined) return 'Too few different counts to fit a power law.';
  return (
    `Dashed: discrete power law, exponent α = ${powerLaw.alpha.toFixed(2)} from ${count(powerLaw.xMin)} rows on ` +
    `(maximum likelihood, Kolmogorov–Smirnov distance ${significant(powerLaw.distance, 2)}).`
  );
}

function topSection(title: string, top: DataProfile['topItems'], rows: number): Child {
  const first = top[0];
  if (first === undefined) return undefined;
  const columns = [
    { id: 'name', label: 'Name' },
    { id: 'rows', label: 'Rows', numeric: true },
    { id: 'share', label: 'Share', numeric: true },
    { id: 'bar', label: 'Share as a bar', labelHidden: true },
  ];
  return section(
    title,
    undefined,
    dataTable({
      id: `table-${title.toLowerCase().replace(' ', '-')}`,
      caption: `${title} by number of rows`,
      className: 'top',
      columns,
      rows: top.map((entry) => ({
        head: name(entry.name, 90),
        cells: [count(entry.rows), percent(entry.rows / rows), bar(entry.rows / first.rows)],
      })),
    }),
  );
}

function qualitySection({ headShare, nulls, repeatedItems, duplicateRows, rows }: DataProfile): Drawn {
  const share = (value: number): Child => h('span', { class: 'muted' }, percent(value / rows));
  const heads = Object.entries(headShare).map(([head, value]) => ({
    head: `Most popular ${head.replace('%', ' %')} of items`,
    cells: [percent(value), bar(value)],
  }));
  const checks = [
    ...Object.entries(nulls).map(([column, value]) => ({
      head: h('span', {}, 'Null in ', name(column, 60)),
      cells: [count(value), share(value)],
    })),
    {
      head: 'Rows equal to another in every column used',
      cells: [count(duplicateRows), share(duplicateRows)],
    },
    {
      head: 'Rows whose sequence holds the item more than once',
      cells: [count(repeatedItems), share(repeatedItems)],
    },
  ];
  const numbers = [
    { id: 'n', label: 'Rows', numeric: true },
    { id: 'share', label: 'Share', numeric: true },
  ];
  return h(
    'div',
    { class: 'two-up' },
    section(
      'Head',
      undefined,
      dataTable({
        id: 'head-table',
        caption: 'Share of all rows held by the most popular items',
        columns: [
          { id: 'head', label: 'Items' },
          { id: 'share', label: 'Share of rows', numeric: true },
          { id: 'bar', label: 'Share as a bar', labelHidden: true },
        ],
        rows: heads,
        className: 'top',
      }),
    ),
    section(
      'Quality',
      undefined,
      dataTable({
        id: 'quality-table',
        caption: 'Nulls, duplicates and repeats',
        columns: [{ id: 'check', label: 'Check' }, ...numbers],
        rows: checks,
      }),
    ),
  );
}
