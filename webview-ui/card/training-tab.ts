/** Loss curves of all branches, and the table that is their legend. */
import type { LossEvent } from '../../src/protocol/events.ts';
import type { CardData, StepView } from '../../src/protocol/run-view.ts';
import { lineChart, lineSample } from '../charts/line-chart.ts';
import type { Curve } from '../charts/line-chart.ts';
import { h } from '../shared/element.ts';
import type { Child } from '../shared/element.ts';
import { duration, precise, significant } from '../shared/format.ts';
import { name, section, segmented } from '../shared/parts.ts';
import { dataTable } from '../shared/table.ts';
import { stateBadge } from './header.ts';
import type { ViewContext } from './view-context.ts';

interface Branch {
  readonly title: string;
  readonly step: StepView | undefined;
  readonly events: readonly LossEvent[];
}

export function trainingTab(context: ViewContext): HTMLElement {
  const branches = branchesOf(context.card);
  if (branches.length === 0) return h('div', {}, section('Loss', emptyText(context.card)));
  return h('div', {}, lossSection(context, branches), validationSection(context, branches));
}

function emptyText({ run }: CardData): string {
  if (run.state === 'running') return 'No loss yet: curves appear here as soon as training starts.';
  return 'No model of this run was trained by gradient descent, so there is no loss to show.';
}

function branchesOf({ losses, run }: CardData): Branch[] {
  return Object.entries(losses).map(([path, events]) => {
    const step = run.steps.find((candidate) => candidate.path === path);
    return { title: step?.branch ?? path.slice(path.indexOf('/') + 1), step, events };
  });
}

/** How far the curves will go, while they grow. */
function lastEpoch({ run }: CardData): number | undefined {
  if (run.state !== 'running') return undefined;
  const epochs = run.manifest.models.flatMap(({ parameters }) => {
    const value = parameters['epochs'];
    return typeof value === 'number' ? [value] : [];
  });
  return epochs.length === 0 ? undefined : Math.max(...epochs);
}

function lossSection({ card, state, charts }: ViewContext, branches: readonly Branch[]): HTMLElement {
  const curves = branches.map(({ title, events }): Curve => ({
    name: title,
    points: events.map((event) => ({ x: event.epoch, y: event.loss })),
  }));
  const scales = [
    { value: 'linear', label: 'Linear' },
    { value: 'log', label: 'Logarithmic' },
  ];
  const chart = lineChart({
    id: 'loss',
    x: 'epoch',
    y: 'loss',
    curves,
    log: state.lossScale === 'log',
    end: lastEpoch(card),
  });
  return section(
    'Loss',
    'Estimated mean loss of a (centre, context) pair, negatives included. Curves of different parameters are not comparable by height: compare models by their metrics.',
    h('div', { class: 'toolbar' }, segmented('lossScale', 'Scale of the loss', scales, state.lossScale)),
    h('div', { class: 'chart-view' }, h('figure', {}, charts.place(chart)), lossTable(branches)),
  );
}

function lossTable(branches: readonly Branch[]): HTMLElement {
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
function validationSection({ charts }: ViewContext, branches: readonly Branch[]): Child {
  const curves = branches.map(({ title, events }): Curve => {
    return {
      name: title,
      points: events.flatMap(({ epoch, validation }) =>
        validation === undefined ? [] : [{ x: epoch, y: validation }],
      ),
    };
  });
  if (curves.every((curve) => curve.points.length === 0)) return undefined;
  const chart = lineChart({
    id: 'validation',
    x: 'epoch',
    y: 'validation metric',
    curves,
    log: false,
    end: undefined,
  });
  const rows = curves.map(({ name: title, points }, index) => {
    const best = points.reduce<{ x: number; y: number } | undefined>(
      (top, point) => (top === undefined || point.y > top.y ? point : top),
      undefined,
    );
    return {
      head: h('span', { class: 'legend' }, lineSample(index), name(title)),
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
    h('div', { class: 'chart-view' }, h('figure', {}, charts.place(chart)), table),
  );
}
