/** How runs and steps are put into words: labels, descriptions, progress. */
import * as path from 'node:path';
import { l10n } from 'vscode';
import type { ProgressEvent } from '../../protocol/events.ts';
import type { RunRow, StoreView } from '../../protocol/run-row.ts';
import type { StepView } from '../../protocol/run-view.ts';
import type { ShownState } from '../../protocol/step.ts';
import { oneLine } from '../text/escape.ts';
import { formatBytes, formatCount, formatSeconds } from '../../protocol/format.ts';
import { formatMetric, formatPercent, formatRate } from '../text/format.ts';
import { combinedState } from './tree-nodes.ts';
import type { StepNode } from './tree-nodes.ts';

const LABEL_LIMIT = 80;

/** The name people gave, or the data file. */
export function runLabel(run: RunRow): string {
  const name = run.labels.name;
  if (name !== undefined && name !== '') return oneLine(name, LABEL_LIMIT);
  return oneLine(path.basename(run.data.path), LABEL_LIMIT);
}

/** `22 Nov 14:05`, in the time zone of the editor. */
export function shortTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date
    .toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    .replace(',', '');
}

/** `epoch 3 of 30 · 45 % · 1.2 M words/s · 20 s left` */
export function progressText(progress: ProgressEvent): string {
  const parts = [oneLine(progress.stage, LABEL_LIMIT)];
  if (progress.total > 0) parts.push(formatPercent(progress.done / progress.total));
  if (progress.rate !== undefined && progress.rate > 0)
    parts.push(`${formatCount(progress.rate)} ${progress.unit}/s`);
  if (progress.eta !== undefined) parts.push(l10n.t('{0} left', formatSeconds(progress.eta)));
  return parts.join(' · ');
}

/** What stands behind a run's label. */
export function runDescription(run: RunRow): string {
  const parts = run.state === 'running' ? runningParts(run) : restingParts(run);
  const tags = run.labels.tags.map((tag) => `#${oneLine(tag, 40)}`).join(' ');
  return [...parts, tags].filter((part) => part !== '').join(' · ');
}

function runningParts(run: RunRow): string[] {
  const { activity } = run;
  const percent = run.fraction === undefined ? '' : formatPercent(run.fraction);
  if (activity === undefined) return [percent, run.reached === undefined ? l10n.t('starting') : ''];
  const { count, step, title, progress } = activity;
  const what = count > 1 ? l10n.t('{0}, {1} at once', step, count) : title;
  return [
    percent,
    oneLine(what, LABEL_LIMIT),
    progress === undefined ? '' : progressText(progress),
    run.leading === undefined ? '' : l10n.t('best so far {0}', formatMetric(run.leading.value)),
  ];
}

function restingParts(run: RunRow): string[] {
  const time = run.seconds === undefined ? '' : formatSeconds(run.seconds);
  const when = shortTime(run.created);
  if (run.state !== 'succeeded') return [stateWord(run.state), when, time];
  const headline =
    run.headline === undefined ? '' : `${run.headline.metric} ${formatRate(run.headline.value)}`;
  return [headline === '' ? l10n.t('{0} done', run.reached ?? 'run') : headline, run.best ?? '', when, time];
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
      view.warnings.length === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', view.warnings.length),
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

/** The view's own summary: `3 runs, 1 running · 12.3 MB`. */
export function storeSummary(view: StoreView): string {
  if (view.runs.length === 0 && view.broken.length === 0) return '';
  const running = view.runs.filter((run) => run.state === 'running').length;
  const runs = view.runs.length === 1 ? l10n.t('1 run') : l10n.t('{0} runs', view.runs.length);
  return [running === 0 ? runs : l10n.t('{0}, {1} running', runs, running), formatBytes(view.bytes)].join(
    ' · ',
  );
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
