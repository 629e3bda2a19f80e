/** Loss curves of all branches, and the table that is their legend. */
import type { LossEvent } from '../../../src/protocol/events.ts';
import type { CardData, StepView } from '../../../src/protocol/run-view.ts';
import { chartPlace } from '../../kit/charts/charts.ts';
import { lineChart, lineSample } from '../../kit/charts/line-chart.ts';
import type { Chart } from '../../kit/charts/charts.ts';
import type { Curve } from '../../kit/charts/line-chart.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { duration, precise, significant } from '../../kit/format.ts';
import { name, section, segmented } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import { stateBadge } from './header.ts';
import type { ViewContext } from './view-context.ts';

interface Branch {
  readonly title: string;
  readonly kind: string;
  readonly step: StepView | undefined;
  readonly events: readonly LossEvent[];
}

export function trainingTab(context: ViewContext): Drawn {
  const branches = branchesOf(context.card);
  if (branches.length === 0) return h('div', {}, section('Loss', emptyText(context.card)));
  return h('div', {}, lossSection(context, branches), validationSection(branches));
}

function emptyText({ run }: CardData): string {
  if (run.state === 'running') return 'No loss yet: curves appear here as soon as training starts.';
  return 'No model of this run was trained by gradient descent, so there is no loss to show.';
}

function branchesOf({ losses, run }: CardData): Branch[] {
  return Object.entries(losses).map(([path, events]) => {
    const step = run.steps.find((candidate) => candidate.path === path);
    const model = step?.branch ?? path.slice(path.indexOf('/') + 1);
    const kind = run.manifest.models.find(({ name }) => name === model)?.kind ?? '';
    return { title: titleOf(path, model), kind, step, events };
  });
}

/** A model that is trained again, on the validation part too or on everything, has a curve of each training. */
function titleOf(path: string, model: string): string {
  if (path.startsWith('everything/')) return `${model}, on everything`;
  return path.startsWith('refit/') ? `${model}, again` : model;
}

/** How far the curves of a kind will go, while they grow; 0 epochs: the kind chooses, so nobody knows yet. */
function lastEpoch({ run }: CardData, kind: string): number | undefined {
  if (run.state !== 'running') return undefined;
  const epochs = run.manifest.models.flatMap((model) => {
    const value = model.kind === kind ? model.parameters['epochs'] : undefined;
    return typeof value === 'number' && value > 0 ? [value] : [];
  });
  return epochs.length === 0 ? undefined : Math.max(...epochs);
}

/** Losses of different kinds are different quantities: each kind has a chart, and its own scale. */
function lossChart(card: CardData, kind: string, branches: readonly Branch[], log: boolean): Chart {
  const kinds = [...new Set(branches.map((branch) => branch.kind))];
  const curves = branches.flatMap(({ title, kind: own, events }, style): Curve[] => {
    const points = events.map((event) => ({ x: event.epoch, y: event.loss }));
    return own === kind ? [{ name: title, points, style }] : [];
  });
  return lineChart({
    id: kinds[0] === kind ? 'loss' : `loss-${kind}`,
    x: 'epoch',
    y: 'loss',
    curves,
    log,
    end: lastEpoch(card, kind),
  });
}

function lossSection({ card, state, actions }: ViewContext, branches: readonly Branch[]): Drawn {
  const kinds = [...new Set(branches.map((branch) => branch.kind))];
  const scales = [
    { value: 'linear', label: 'Linear' },
    { value: 'log', label: 'Logarithmic' },
  ];
  const figures = kinds.map((kind) =>
    h(
      'figure',
      {},
      chartPlace(lossChart(card, kind, branches, state.lossScale === 'log')),
      kinds.length > 1 && h('figcaption', {}, name(kind)),
    ),
  );
  return section(
    'Loss',
    introOf(kinds),
    h(
      'div',
      { class: 'toolbar' },
      segmented('lossScale', 'Scale of the loss', scales, state.lossScale, actions.choose),
    ),
    h('div', { class: 'chart-view' }, h('div', {}, ...figures), lossTable(branches)),
  );
}

/** What the loss of a kind is the mean of. */
const LOSS_OF: Readonly<Record<string, string>> = {
  prod2vec: 'Estimated mean loss of a (centre, context) pair of prod2vec, negatives included.',
  'recency-encoder':
    'Mean sampled-softmax loss of a position of the recency encoder, by whole epochs; its heads follow one another.',
};

function introOf(kinds: readonly string[]): string {
  const meanings = kinds.flatMap((kind) => LOSS_OF[kind] ?? []);
  return [
    ...meanings,
    'Curves of different parameters are not comparable by height: compare models by their metrics.',
  ].join(' ');
}

function lossTable(branches: readonly Branch[]): Drawn {
  const number = (id: string, label: string): { id: string; label: string; numeric: true } => ({
    id,
    label,
    numeric: true,
  });
  return dataTable({
    id: 'loss-table',
    caption: 'Training of each branch',
    columns: [
      { id: 'branch', label: 'Branch' },
      { id: 'state', label: 'State' },
      number('epoch', 'Epochs'),
      number('first', 'First loss'),
      number('last', 'Last loss'),
      number('alpha', 'Learning rate'),
      number('time', 'Time'),
    ],
    rows: branches.map(({ title, step, events }, index) => {
      const last = events.at(-1);
      return {
        head: h('span', { class: 'legend' }, lineSample(index), name(title)),
        cells: [
          step === undefined ? '' : stateBadge(step.state),
          figure(last?.epoch),
          lossText(events[0]),
          lossText(last),
          figure(last?.alpha),
          step?.seconds === undefined ? '–' : duration(step.seconds),
        ],
      };
    }),
  });
}

function lossText(event: LossEvent | undefined): string {
  return event === undefined ? '–' : precise(event.loss, 4);
}

function figure(value: number | undefined, digits = 3): string {
  return value === undefined ? '–' : significant(value, digits);
}

/** Where early stopping measured validation during training. */
function validationSection(branches: readonly Branch[]): Child {
  const curves = branches.flatMap(({ title, events }, style): Curve[] => {
    const points = events.flatMap(({ epoch, validation }) =>
      validation === undefined ? [] : [{ x: epoch, y: validation }],
    );
    return points.length === 0 ? [] : [{ name: title, points, style }];
  });
  if (curves.length === 0) return undefined;
  const chart = lineChart({
    id: 'validation',
    x: 'epoch',
    y: 'validation metric',
    curves,
    log: false,
    end: undefined,
  });
  const rows = curves.map(({ name: title, points, style }) => {
    const best = points.reduce<{ x: number; y: number } | undefined>(
      (top, point) => (top === undefined || point.y > top.y ? point : top),
      undefined,
    );
    return {
      head: h('span', { class: 'legend' }, lineSample(style), name(title)),
      cells: [figure(best?.x), figure(best?.y, 4), figure(points.at(-1)?.y, 4)],
    };
  });
  const columns = [
    { id: 'branch', label: 'Branch' },
    { id: 'epoch', label: 'Best epoch', numeric: true },
    { id: 'best', label: 'Best', numeric: true },
    { id: 'last', label: 'Last', numeric: true },
  ];
  const table = dataTable({ id: 'validation-table', caption: 'Validation during training', columns, rows });
  return section(
    'Validation while training',
    'What early stopping watches.',
    h('div', { class: 'chart-view' }, h('figure', {}, chartPlace(chart)), table),
  );
}
