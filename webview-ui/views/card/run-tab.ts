/** How the run was made: steps, parameters, data, versions, and the command that makes it again. */
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import type { CardData, RunView, StepView } from '../../../src/protocol/run-view.ts';
import { copyButton } from '../../kit/copy-button.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { bytes, clock, count, cut, duration, significant } from '../../kit/format.ts';
import { details, facts, name, section } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import type { Row } from '../../kit/table.ts';
import { failedBranches } from './failed-branches.ts';
import { stateBadge } from './header.ts';
import { opening } from './view-context.ts';
import type { ViewContext } from './view-context.ts';

export function runTab(context: ViewContext): Drawn {
  const { card } = context;
  return h(
    'div',
    {},
    reproduceSection(context),
    stepsSection(context),
    modelsSection(card),
    parametersSection(card),
    dataSection(card.run),
    platformSection(card.run),
  );
}

function reproduceSection({ card: { command }, text, actions }: ViewContext): Drawn {
  return section(
    'Reproduce',
    'This command makes the same run again.',
    h(
      'div',
      { class: 'command' },
      h(
        'pre',
        { id: 'command', tabindex: 0, role: 'region', 'aria-label': 'Command that reproduces the run' },
        h('code', {}, cut(command, 20_000)),
      ),
      copyButton({
        id: 'copy-command',
        label: text('copy'),
        copied: text('copied'),
        copy: actions.copyCommand,
      }),
    ),
  );
}

function stepsSection(context: ViewContext): Drawn {
  const { run } = context.card;
  const log = context.host === 'vscode';
  const columns = [
    { id: 'step', label: 'Step' },
    { id: 'state', label: 'State' },
    { id: 'started', label: 'Started' },
    { id: 'time', label: 'Time', numeric: true },
    { id: 'attempt', label: 'Attempt', numeric: true },
    { id: 'size', label: 'Artifacts', numeric: true },
    ...(log ? [{ id: 'log', label: 'Log' }] : []),
  ];
  const table = dataTable({
    id: 'step-table',
    caption: 'Steps and branches of the run',
    columns,
    rows: stepRows(run.steps, log ? context : undefined),
  });
  return section('Steps', undefined, table, ...run.steps.map(failureOf), artifacts(context));
}

/** Branches stand under the name of their step. */
function stepRows(steps: readonly StepView[], log: ViewContext | undefined): Row[] {
  return steps.flatMap((step, index) => {
    const row = { head: stepHead(step), cells: stepCells(step, log) };
    const leads = step.branch !== undefined && steps[index - 1]?.step !== step.step;
    const group = step.step.charAt(0).toUpperCase() + step.step.slice(1);
    return leads ? [{ head: name(group), cells: row.cells.map(() => '') }, row] : [row];
  });
}

function stepHead(step: StepView): Drawn {
  const from = step.from !== undefined && h('span', { class: 'sub' }, 'reused from ', cut(step.from, 40));
  const reason = step.reason !== undefined && h('span', { class: 'sub' }, cut(step.reason, 200));
  return h(
    'span',
    { class: step.branch === undefined ? 'step' : 'step branch' },
    h('span', {}, name(step.title)),
    from,
    reason,
  );
}

function stepCells(step: StepView, log: ViewContext | undefined): Child[] {
  const size = step.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  return [
    stateBadge(step.state),
    step.started === undefined
      ? '–'
      : h('time', { datetime: step.started, title: step.started }, clock(step.started)),
    step.seconds === undefined ? '–' : duration(step.seconds),
    step.attempt === 0 ? '–' : count(step.attempt),
    step.artifacts.length === 0 ? '–' : bytes(size),
    ...(log === undefined ? [] : [logButton(step, log)]),
  ];
}

function logButton({ path }: StepView, { text, actions }: ViewContext): Drawn {
  const attributes = {
    type: 'button',
    class: 'link',
    'data-step': path,
    'aria-label': text('openLogOf', cut(path, 80)),
    onClick: () => actions.openLog(path),
  } as const;
  return h('button', attributes, text('openLog'));
}

function failureOf(step: StepView): Child {
  if (step.failure === undefined) return undefined;
  const { message, hint } = step.failure;
  return h(
    'div',
    { class: 'callout callout-error' },
    h(
      'div',
      {},
      h('p', {}, h('strong', {}, name(step.path)), ' failed: ', cut(message, 1000)),
      hint !== undefined && h('p', { class: 'muted' }, cut(hint, 1000)),
    ),
  );
}

function artifacts(context: ViewContext): Child {
  const { card } = context;
  const all = card.run.steps.flatMap((step) => step.artifacts.map((artifact) => ({ step, artifact })));
  if (all.length === 0) return undefined;
  const columns = [
    { id: 'file', label: 'File' },
    { id: 'bytes', label: 'Size', numeric: true },
    { id: 'sha', label: 'SHA-256' },
  ];
  const rows = all.map(({ step, artifact }) => ({
    head: name(`${step.path}/${artifact.file}`),
    cells: [
      bytes(artifact.bytes),
      h('code', { title: cut(artifact.sha256, 80) }, artifact.sha256.slice(0, 12)),
    ],
  }));
  return details(
    'artifacts',
    `Artifacts (${count(all.length)})`,
    opening(context, 'artifacts'),
    dataTable({ id: 'artifact-table', caption: 'Artifacts of the run', columns, rows }),
  );
}

type Values = Readonly<Record<string, string | number | boolean>>;
interface Parameterised {
  readonly name: string;
  readonly parameters: Values;
}

/** Parameters as used, from the report; before that, as planned. */
function parameterised({ report, run, tuning }: CardData): readonly Parameterised[] {
  const used = report?.models ?? [];
  // Those of trials are in the table of trials.
  if (tuning !== undefined) return used;
  const planned = run.manifest.models.filter((model) => !used.some((summary) => summary.name === model.name));
  return [...used, ...planned];
}

function modelsSection(card: CardData): Drawn {
  return section(
    'Models',
    undefined,
    failedBranches(card.report),
    card.report !== undefined && summaryTable(card.report),
    h('div', { class: 'side-by-side' }, ...kinds(card).map(kindTable)),
  );
}

function summaryTable(report: EvaluationReport): Drawn {
  const columns = [
    { id: 'model', label: 'Model' },
    { id: 'title', label: 'Kind' },
    { id: 'vocabulary', label: 'Vocabulary', numeric: true },
    { id: 'vectors', label: 'Vectors' },
    { id: 'time', label: 'Training', numeric: true },
  ];
  const rows = report.models.map((model) => ({
    head: name(model.name),
    cells: [
      name(model.title),
      count(model.vocabulary),
      model.hasVectors ? 'yes' : 'no',
      duration(model.seconds),
    ],
  }));
  return dataTable({ id: 'model-table', caption: 'Models of the run', columns, rows });
}

/** Models with the same parameter names share a table, whose columns are the models. */
function kinds(card: CardData): Parameterised[][] {
  const groups = new Map<string, Parameterised[]>();
  for (const model of parameterised(card)) {
    const names = Object.keys(model.parameters).sort().join(' ');
    if (names !== '') groups.set(names, [...(groups.get(names) ?? []), model]);
  }
  return [...groups.values()];
}

/** Parameters in which the models differ stand first. */
function kindTable(models: readonly Parameterised[], index: number): Drawn {
  const rows = Object.keys(models[0]?.parameters ?? {}).map((parameter) => {
    const values = models.map((model) => valueText(model.parameters[parameter]));
    return { parameter, values, differs: new Set(values).size > 1 };
  });
  const inOrder = [...rows.filter((row) => row.differs), ...rows.filter((row) => !row.differs)];
  return dataTable({
    id: `parameters-${index}`,
    caption: `Parameters of ${models.map((model) => model.name).join(', ')}`,
    columns: [
      { id: 'parameter', label: 'Parameter' },
      ...models.map((model) => ({ id: model.name, label: cut(model.name, 60), numeric: true })),
    ],
    rows: inOrder.map(({ parameter, values, differs }) => {
      const note = differs && h('span', { class: 'sub' }, ' differs');
      return { head: h('span', {}, name(parameter), note), emphasis: differs, cells: values };
    }),
  });
}

function valueText(value: string | number | boolean | undefined): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : significant(value, 6);
  return value === undefined ? '–' : cut(String(value), 200);
}

function parametersSection({ run }: CardData): Drawn {
  const entries = Object.entries(run.manifest.parameters);
  return section(
    'Parameters of the run',
    undefined,
    facts(entries.map(([parameter, value]) => [parameter, h('code', {}, valueText(value))])),
  );
}

function splitText({ by, column = '', ratios }: RunView['manifest']['spec']['split']): Child {
  if (by === 'leave-one-out') return `by ${by}`;
  if (by === 'column') return h('span', {}, 'by column ', name(column));
  return `by ${by} ${ratios.map((ratio) => significant(ratio * 100)).join(' / ')}`;
}

function dataSection({ manifest: { data, spec } }: RunView): Drawn {
  const list = (columns: readonly string[]): Child =>
    columns.length === 0 ? h('span', { class: 'muted' }, 'file order') : name(columns.join(' + '), 120);
  return section(
    'Data and its spec',
    undefined,
    facts([
      ['Path', name(data.path, 200)],
      ['Files', `${count(data.files.length)}, ${bytes(data.bytes)}`],
      ['Format', spec.format],
      ['Sequence', list(spec.sequence)],
      ['Item', list(spec.item)],
      ['Order', list(spec.order)],
      ...(spec.group === undefined ? [] : [['Group', name(spec.group)] as const]),
      ...(spec.user === undefined ? [] : [['User', name(spec.user)] as const]),
      ['Minimum length', count(spec.minimumLength)],
      ['Sample', significant(spec.sample)],
      ['Split', splitText(spec.split)],
      ['Content hash', h('code', { title: cut(data.contentHash, 80) }, data.contentHash.slice(0, 12))],
    ]),
  );
}

function platformSection({ manifest, folder, id }: RunView): Drawn {
  const versions = Object.entries(manifest.versions).map(
    ([what, version]) => [what, cut(version, 60)] as const,
  );
  return section(
    'Made with',
    undefined,
    facts([
      ['Run', h('code', {}, cut(id, 80))],
      ['Flow', name(manifest.flow)],
      ['Platform', name(manifest.platform, 120)],
      ...versions,
      ['Folder', name(folder, 200)],
    ]),
  );
}
