/** How runs and steps are put into words: labels, descriptions, progress. */
import * as path from 'node:path';
import { l10n } from 'vscode';
import type { ProgressEvent } from '../../protocol/events.ts';
import type { RunRow } from '../../protocol/run-row.ts';
import type { StepView } from '../../protocol/run-view.ts';
import type { ShownState } from '../../protocol/step.ts';
import { oneLine } from '../../protocol/text/escape.ts';
import {
  formatBytes,
  formatPace,
  formatSeconds,
  oneOrMany,
  roughSeconds,
} from '../../protocol/text/format.ts';
import { formatMetric, formatPercent, formatRate } from '../text/format.ts';
import { dataOf, isOnEverything } from './run-facts.ts';
import { combinedState } from './tree-nodes.ts';
import type { StepNode } from './tree-nodes.ts';

const LABEL_LIMIT = 80;

/** The name people gave, or the data file. */
export function runLabel(run: RunRow): string {
  const name = run.labels.name;
  if (name !== undefined && name !== '') return oneLine(name, LABEL_LIMIT);
  return dataName(run);
}

function dataName(run: RunRow): string {
  return oneLine(path.basename(dataOf(run)), LABEL_LIMIT);
}

function isNamed({ labels: { name = '' } }: RunRow): boolean {
  return name !== '';
}

/** The name people gave and the data file, as cards and messages are titled. */
export function runTitle(run: RunRow): string {
  return isNamed(run) ? `${runLabel(run)} · ${dataName(run)}` : dataName(run);
}

/** `22 Nov 14:05`, in the time zone of the editor. */
export function shortTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date
    .toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    .replace(',', '');
}

/** Of one step or branch: `epoch 3 of 30 · 45 % · 1.2 M words/s · 20 s left` */
export function progressText(progress: ProgressEvent): string {
  const parts = [oneLine(progress.stage, LABEL_LIMIT)];
  if (progress.total > 0) parts.push(formatPercent(progress.done / progress.total));
  if (progress.rate !== undefined) parts.push(formatPace(progress.rate, progress.unit));
  if (progress.eta !== undefined) parts.push(l10n.t('{0} left', formatSeconds(progress.eta)));
  return parts.filter((part) => part !== '').join(' · ');
}

/** What stands behind a run's label; of a named run first the data. */
export function runDescription(run: RunRow): string {
  const facts = run.state === 'running' ? runningParts(run) : restingParts(run);
  const parts = isNamed(run) ? [dataName(run), ...facts] : facts;
  const tags = run.labels.tags.map((tag) => `#${oneLine(tag, 40)}`).join(' ');
  return [...parts, tags].filter((part) => part !== '').join(' · ');
}

/** Percent and time left are the run's; of the step that runs, what it does. */
function runningParts(run: RunRow): string[] {
  const { activity, secondsLeft } = run;
  const percent = run.fraction === undefined ? '' : formatPercent(run.fraction);
  const left = secondsLeft === undefined ? '' : l10n.t('about {0} left', roughSeconds(secondsLeft));
  if (activity === undefined) return [percent, left, run.reached === undefined ? l10n.t('starting') : ''];
  const { count, step, title, progress } = activity;
  const what = count > 1 ? l10n.t('{0}, {1} at once', step, count) : taskTitle(step, title);
  return [
    percent,
    left,
    oneLine(what, LABEL_LIMIT),
    progress === undefined ? '' : oneLine(progress.stage, LABEL_LIMIT),
    bestSoFar(run),
  ];
}

/** `Prepare data`, `train prod2vec`: a branch is called after its model alone. */
function taskTitle(step: string, title: string): string {
  return title.toLowerCase().startsWith(step) ? title : `${step} ${title}`;
}

/** Of a run that searches parameters: what it has found, also where it was cancelled. */
function bestSoFar({ leading }: RunRow): string {
  return leading === undefined ? '' : l10n.t('best so far {0}', formatMetric(leading.value));
}

function restingParts(run: RunRow): string[] {
  const time = run.seconds === undefined ? '' : formatSeconds(run.seconds);
  const when = shortTime(run.created);
  const headline =
    run.headline === undefined ? '' : `${run.headline.metric} ${formatRate(run.headline.value)}`;
  // A run that has figures may have been asked for more, and that may have been cancelled.
  const found = headline === '' ? [bestSoFar(run)] : [headline, run.best ?? ''];
  if (run.state !== 'succeeded') return [stateWord(run.state), ...found, when, time];
  if (headline === '') return [l10n.t('{0} done', run.reached ?? 'run'), run.best ?? '', when, time];
  return [headline, run.best ?? '', isOnEverything(run) ? l10n.t('on everything too') : '', when, time];
}

/** What stands behind a step's label: with branches, how many are done. */
export function stepDescription(node: StepNode): string {
  const [only] = node.views;
  if (node.views.length === 1 && only !== undefined) return viewDescription(only);
  const done = node.views.filter((view) => view.state === 'succeeded').length;
  const state = combinedState(node.views);
  const counted = l10n.t('{0} of {1} done', done, node.views.length);
  const best = bestTrial(node);
  const text = best === undefined ? counted : `${best} · ${counted}`;
  return state === 'succeeded' || state === 'pending' ? text : `${text} · ${stateWord(state)}`;
}

/** The best figure among the trials of a step, of a run that searches parameters. */
function bestTrial({ run, views }: StepNode): string | undefined {
  const { leading } = run;
  if (leading === undefined) return undefined;
  const [best] = views
    .flatMap((view) => {
      const value = view.metrics[leading.metric];
      return value === undefined ? [] : [{ view, value }];
    })
    .sort((a, b) => b.value - a.value);
  if (best === undefined) return undefined;
  return l10n.t('best {0}, {1}', formatMetric(best.value), oneLine(best.view.branch ?? '', LABEL_LIMIT));
}

/** What stands behind a single step's or branch's label. */
export function viewDescription(view: StepView): string {
  const parts = view.progress === undefined ? doneParts(view) : [progressText(view.progress)];
  if (view.from !== undefined) parts.push(l10n.t('reused'));
  if (view.warnings.length > 0)
    parts.push(
      oneOrMany(view.warnings.length, l10n.t('1 warning'), (figure) => l10n.t('{0} warnings', figure)),
    );
  return parts.filter((part) => part !== '').join(' · ');
}

function doneParts(view: StepView): string[] {
  const time = view.seconds === undefined ? '' : formatSeconds(view.seconds);
  if (view.state === 'succeeded') return [headlineMetric(view), trialOf(view), time];
  if (view.reason !== undefined) return [oneLine(view.reason, LABEL_LIMIT)];
  if (view.failure !== undefined) return [oneLine(view.failure.message, LABEL_LIMIT)];
  return [stateWord(view.state)];
}

/** Which trial a place was given to; a branch that is called after its trial need not say so. */
function trialOf({ metrics, branch = '' }: StepView): string {
  const trial = metrics['trial'];
  return trial === undefined || branch.startsWith('trial') ? '' : l10n.t('trial {0}', trial);
}

function headlineMetric(view: StepView): string {
  const [first] = Object.entries(view.metrics);
  return first === undefined ? '' : `${first[0]} ${formatMetric(first[1])}`;
}

export interface Summarised {
  readonly runs: readonly Pick<RunRow, 'state'>[];
  readonly broken: readonly unknown[];
  readonly bytes: number;
}

/** A store, or several, in a line: `3 runs, 1 running, 1 cannot be read · 12.3 MB`. */
export function storeSummary(stores: readonly Summarised[]): string {
  const runs = stores.flatMap((store) => store.runs);
  const broken = stores.reduce((sum, store) => sum + store.broken.length, 0);
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  if (runs.length === 0 && broken === 0) return '';
  const running = runs.filter((run) => run.state === 'running').length;
  const counts = [
    runs.length === 0 ? '' : countOfRuns(runs.length),
    running === 0 ? '' : l10n.t('{0} running', running),
    broken === 0 ? '' : l10n.t('{0} cannot be read', broken),
  ];
  return [counts.filter((part) => part !== '').join(', '), formatBytes(bytes)].join(' · ');
}

/** `1 run`, `2 runs`. */
export function countOfRuns(count: number): string {
  return oneOrMany(count, l10n.t('1 run'), (figure) => l10n.t('{0} runs', figure));
}

/** A state in words. */
export function stateWord(state: ShownState): string {
  const words: Record<ShownState, string> = {
    pending: l10n.t('pending'),
    running: l10n.t('running'),
    succeeded: l10n.t('succeeded'),
    failed: l10n.t('failed'),
    cancelled: l10n.t('cancelled'),
    skipped: l10n.t('skipped'),
    interrupted: l10n.t('interrupted'),
    damaged: l10n.t('damaged'),
  };
  return words[state];
}

/** Codicon of a state. */
export function stateIcon(state: ShownState): string {
  const icons: Record<ShownState, string> = {
    pending: 'circle-outline',
    running: 'loading~spin',
    succeeded: 'pass',
    failed: 'error',
    cancelled: 'circle-slash',
    skipped: 'debug-step-over',
    interrupted: 'debug-disconnect',
    damaged: 'warning',
  };
  return icons[state];
}
