/** A search over parameters: how it stands, every setting at a glance, and all trials as a table. */
import type { TrialView, TuningView } from '../../../src/protocol/tuning.ts';
import { chartPlace } from '../../kit/charts/charts.ts';
import { parallelCoordinates } from '../../kit/charts/parallel-coordinates.ts';
import type { Line } from '../../kit/charts/parallel-coordinates.ts';
import { copyButton } from '../../kit/copy-button.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut, duration, plural, significant } from '../../kit/format.ts';
import { facts, name, section } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import type { Column } from '../../kit/table.ts';
import { estimateCell } from './estimate.ts';
import { stateBadge } from './header.ts';
import { metricTitle } from './metric-names.ts';
import { bestOf, furthest, sortedTrials, TRIAL_SORT, trialOrder } from './trials.ts';
import type { CardState } from '../../../src/protocol/panels/card.ts';
import type { ViewContext } from './view-context.ts';

export function tuningTab(context: ViewContext): Drawn {
  const { tuning } = context.card;
  if (tuning === undefined) return h('div', {});
  return h(
    'div',
    {},
    summarySection(context, tuning),
    settingsSection(context, tuning),
    trialsSection(context, tuning),
  );
}

function shareText(share: number): string {
  return share === 1 ? 'the whole training' : `1/${Math.round(1 / share)} of the training`;
}

function planText({ plan }: TuningView): string {
  const { rungs, trials, title } = plan;
  const settings = `${plural(trials, 'setting')} of ${title}`;
  if (rungs.length === 1) return `${settings}, each trained whole and measured on validation only.`;
  const parts = rungs.map(({ title: rung, places, share }) => `${rung}: ${places} with ${shareText(share)}`);
  return `${settings} by successive halving, measured on validation only. ${parts.join('; ')}.`;
}

function countOf({ trials }: TuningView, state: TrialView['state']): number {
  return trials.filter((trial) => trial.state === state).length;
}

function progressText(tuning: TuningView): string {
  const parts = (['succeeded', 'running', 'pending', 'failed', 'skipped'] as const).flatMap((state) => {
    const count = countOf(tuning, state);
    const word = state === 'succeeded' ? 'measured' : state;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const limit = tuning.plan.minutes === undefined ? '' : ` of ${significant(tuning.plan.minutes)} min`;
  return `${parts.join(', ')} · ${duration(tuning.spent)}${limit}`;
}

function summarySection(context: ViewContext, tuning: TuningView): Drawn {
  const { outcome, plan, command } = tuning;
  const best = bestOf(tuning);
  const title = outcome === undefined ? 'Best so far' : 'Winner';
  const start = furthest(tuning).find(({ trial }) => trial === plan.start);
  return section(
    'Search',
    planText(tuning),
    facts([
      ['Trials', progressText(tuning)],
      ...(best === undefined ? [] : [[title, standing(tuning, best)] as const]),
      ...(start === undefined || start === best ? [] : [['Start', standing(tuning, start)] as const]),
    ]),
    command !== undefined && useCommand(context, command),
  );
}

/** A trial with its figure and where it was measured. */
function standing({ plan, metric = '' }: TuningView, trial: TrialView): Drawn {
  const rung = plan.rungs[trial.rung];
  const where = rung === undefined || plan.rungs.length === 1 ? '' : ` in ${rung.title}`;
  return h(
    'span',
    { class: 'standing' },
    name(trial.trial ?? ''),
    `${where}: ${metricTitle(metric)} `,
    estimateCell(trial.estimate),
  );
}

function useCommand({ text, actions }: ViewContext, command: string): Drawn {
  return h(
    'div',
    {},
    h('p', { class: 'intro' }, 'This command runs all models, with these parameters for this kind.'),
    h(
      'div',
      { class: 'command' },
      h(
        'pre',
        {
          id: 'found-command',
          tabindex: 0,
          role: 'region',
          'aria-label': 'Command that uses the winner’s parameters',
        },
        h('code', {}, cut(command, 20_000)),
      ),
      copyButton({
        id: 'copy-found',
        label: text('copy'),
        copied: text('copied'),
        copy: actions.copyFound,
      }),
    ),
  );
}

function linesOf(tuning: TuningView, chosen: string | undefined): Line[] {
  const best = bestOf(tuning)?.trial;
  return furthest(tuning).map(({ trial = '', parameters = {}, estimate, rung }) => ({
    name: trial,
    values: Object.fromEntries(
      tuning.plan.axes.flatMap((axis) => {
        const value = parameters[axis.name];
        return value === undefined ? [] : [[axis.name, value] as const];
      }),
    ),
    figure: estimate?.value ?? 0,
    share: tuning.plan.rungs[rung]?.share ?? 1,
    mark: trial === best ? 'best' : trial === chosen ? 'chosen' : 'none',
  }));
}

function settingsSection({ state }: ViewContext, tuning: TuningView): Drawn {
  const lines = linesOf(tuning, state.trial);
  if (lines.length === 0)
    return section('Settings', 'Lines appear here as soon as the first trial is measured.');
  const chart = parallelCoordinates({
    id: 'settings',
    axes: axesOf(tuning),
    metric: metricTitle(tuning.metric ?? ''),
    lines,
  });
  const intro =
    'A line for each setting, where it was trained most: the stronger its colour, the better. The best is drawn thick with dots; ' +
    'choose a trial in the table below to follow it. Figures of different rungs are not comparable: more training is better.';
  return section('Settings', intro, h('figure', { class: 'wide' }, chartPlace(chart)));
}

/** The length of the training differs from rung to rung: its axis begins where the shortest does. */
function axesOf({ plan, trials }: TuningView): TuningView['plan']['axes'] {
  return plan.axes.map((axis) => {
    if (axis.type === 'choice') return axis;
    const values = trials.flatMap(({ estimate, parameters }) => {
      const value = estimate === undefined ? undefined : parameters?.[axis.name];
      return typeof value === 'number' && (value > 0 || !axis.log) ? [value] : [];
    });
    return { ...axis, low: Math.min(axis.low, ...values), high: Math.max(axis.high, ...values) };
  });
}

function columnsOf({ plan, metric = '' }: TuningView, state: CardState): Column[] {
  const { sort, ascending } = trialOrder(state);
  const column = (id: string, label: string, numeric = true): Column => ({
    id: TRIAL_SORT + id,
    label,
    numeric,
    sort: sort !== TRIAL_SORT + id ? 'none' : ascending ? 'ascending' : 'descending',
  });
  return [
    column('trial', 'Trial', false),
    column('rung', 'Rung', false),
    column('state', 'State', false),
    column('value', metric === '' ? 'Figure' : metricTitle(metric)),
    column('seconds', 'Fit'),
    ...plan.axes.map((axis) => column(axis.name, axis.name)),
  ];
}

function valueText(value: number | string | boolean | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'number' ? significant(value, 3) : cut(String(value), 40);
}

function trialCells(tuning: TuningView, trial: TrialView): Child[] {
  const { plan, best } = tuning;
  const remark = trial.remark !== undefined && h('span', { class: 'sub' }, cut(trial.remark, 200));
  return [
    plan.rungs[trial.rung]?.title ?? '',
    h('span', { class: 'model-head' }, stateBadge(trial.state), remark),
    estimateCell(trial.estimate, trial.path === best),
    trial.seconds === undefined ? '–' : duration(trial.seconds),
    ...plan.axes.map((axis) => valueText(trial.parameters?.[axis.name])),
  ];
}

function trialHead({ plan }: TuningView, view: TrialView, { state, actions }: ViewContext): Drawn {
  const { trial } = view;
  if (trial === undefined) return h('span', {}, name(view.path));
  const attributes = {
    type: 'button',
    class: 'link',
    'aria-pressed': trial === state.trial,
    onClick: () => actions.follow(trial),
  } as const;
  const start = trial === plan.start && h('span', { class: 'tag' }, 'start');
  return h('span', {}, h('button', attributes, name(trial)), start);
}

function trialsSection(context: ViewContext, tuning: TuningView): Drawn {
  const { state, actions } = context;
  const trials = sortedTrials(tuning, trialOrder(state));
  if (trials.length === 0) return section('Trials', 'No trial has begun yet.');
  const table = dataTable({
    id: 'trial-table',
    caption: 'Trials with their parameters and validation figures',
    className: 'metrics',
    sort: actions.sort,
    columns: columnsOf(tuning, state),
    rows: trials.map((trial) => ({
      head: trialHead(tuning, trial, context),
      cells: trialCells(tuning, trial),
      emphasis: trial.path === tuning.best || trial.trial === state.trial,
    })),
  });
  return section('Trials', 'Below each figure its 95 % interval; ◆ marks the best.', table);
}
