/** The head of the card: which run, its state, and the answer in one line. */
import { heldOutSentences } from '../../src/protocol/held-out.ts';
import type { DataProfile } from '../../src/protocol/profile.ts';
import type { EvaluationReport } from '../../src/protocol/report.ts';
import type { RunView, TestReads } from '../../src/protocol/run-view.ts';
import type { ShownState } from '../../src/protocol/step.ts';
import { h } from '../shared/element.ts';
import type { Child } from '../shared/element.ts';
import { bytes, compact, cut, duration, moment, plural, rate, significant } from '../shared/format.ts';
import { icon } from '../shared/icon.ts';
import { details, name } from '../shared/parts.ts';
import { estimateCell } from './estimate.ts';
import { metricTitle } from './metric-names.ts';
import type { ViewContext } from './view-context.ts';

export function header(context: ViewContext): HTMLElement {
  const { card } = context;
  return h(
    'header',
    {},
    titleLine(context),
    metaLine(card.run),
    labels(card.run),
    card.run.state === 'running' && progress(card.run),
    failure(card.run),
    card.report !== undefined && answer(card.report, card.testReads),
    heldOut(card.profile),
    warnings(context),
  );
}

/** A state by icon and by word. */
export function stateBadge(state: ShownState): HTMLElement {
  return h('span', { class: `state state-${state}` }, icon(state), state);
}

function titleLine({ card: { run }, host }: ViewContext): HTMLElement {
  const starred =
    run.labels.starred &&
    h(
      'span',
      { class: 'starred', title: 'Starred' },
      icon('star'),
      h('span', { class: 'hidden-text' }, 'Starred run'),
    );
  return h(
    'div',
    { class: 'title-line' },
    h('h1', {}, starred, name(run.labels.name ?? run.id, 100)),
    h('span', { role: 'status' }, stateBadge(run.state)),
    host === 'vscode' && h('span', { class: 'actions' }, ...actions(run.state)),
  );
}

function actions(state: ShownState): HTMLElement[] {
  const button = (action: string, label: string): HTMLElement =>
    h('button', { type: 'button', class: 'button', 'data-action': action }, label);
  if (state === 'running') return [button('cancel', 'Cancel Run')];
  return state === 'succeeded' || state === 'pending' ? [] : [button('resume', 'Resume Run')];
}

function metaLine(run: RunView): HTMLElement {
  const parts: Child[] = [
    run.labels.name !== undefined && h('code', {}, run.id),
    name(run.manifest.data.path, 90),
    h('time', { datetime: run.started, title: run.started }, moment(run.started)),
    run.seconds !== undefined && h('span', { title: 'Time taken' }, duration(run.seconds)),
    run.bytes > 0 && h('span', { title: 'Size of the run’s artifacts' }, bytes(run.bytes)),
    run.manifest.origin !== undefined &&
      h(
        'span',
        { title: cut(run.manifest.origin.reason, 400) },
        'continues ',
        h('code', {}, cut(run.manifest.origin.run, 60)),
      ),
  ];
  return h(
    'p',
    { class: 'meta' },
    ...parts.flatMap((part) => (part === false || part === undefined ? [] : [h('span', {}, part)])),
  );
}

function labels({ labels: { tags, note } }: RunView): Child {
  if (tags.length === 0 && note === undefined) return undefined;
  return h(
    'p',
    { class: 'labels' },
    ...tags.map((tag) => h('span', { class: 'tag' }, name(tag, 40))),
    note !== undefined && h('bdi', { class: 'run-note' }, cut(note, 1000)),
  );
}

function progress(run: RunView): HTMLElement {
  const active = run.steps.filter((step) => step.progress !== undefined && step.state === 'running');
  const lines = active.map(({ title, progress: now }) => {
    const left = now?.eta === undefined ? '' : `, ${duration(now.eta)} left`;
    const speed = now?.rate === undefined ? '' : `, ${compact(now.rate)} ${now.unit}/s`;
    return h('li', {}, name(title, 60), ` · ${cut(now?.stage ?? '', 80)}${speed}${left}`);
  });
  if (run.leading !== undefined) {
    const { metric, value, path } = run.leading;
    lines.push(h('li', {}, `best so far: ${metricTitle(metric)} ${rate(value)} (${cut(path, 60)})`));
  }
  const fraction = run.fraction ?? 0;
  return h(
    'div',
    { class: 'progress' },
    h('progress', { max: 1, value: fraction, 'aria-label': 'Progress of the run' }),
    h('span', { class: 'progress-figure' }, `${Math.floor(fraction * 100)} %`),
    h('ul', {}, ...lines),
  );
}

function failure(run: RunView): Child {
  if (run.failure === undefined) return undefined;
  const { message, hint } = run.failure;
  return h(
    'div',
    { class: 'callout callout-error', role: 'group' },
    icon('failed'),
    h(
      'div',
      {},
      h('p', {}, cut(message, 1000)),
      hint !== undefined && h('p', { class: 'muted' }, cut(hint, 1000)),
    ),
  );
}

function answer(report: EvaluationReport, reads: TestReads | undefined): HTMLElement {
  const { selection, metrics } = report;
  const title = metricTitle(selection.metric);
  const test = metrics.test[selection.best]?.metrics[selection.metric];
  const popularity = metrics.test['popularity']?.metrics[selection.metric];
  const times =
    test !== undefined && popularity !== undefined && popularity.value > 0 && selection.best !== 'popularity'
      ? test.value / popularity.value
      : undefined;
  return h(
    'div',
    { class: 'answer' },
    h(
      'div',
      { class: 'tiles' },
      tile('Best model', name(selection.best, 60), 'by validation'),
      tile(`${title}, test`, estimateCell(test), readsText(reads)),
      tile(
        `${title}, validation`,
        estimateCell(metrics.validation[selection.best]?.metrics[selection.metric]),
        undefined,
      ),
      times !== undefined &&
        tile(
          'Against popularity',
          `${significant(times, 2)} ×`,
          `${rate(popularity?.value ?? NaN)} for the most popular`,
        ),
      selection.bestEmbedding !== undefined &&
        tile('Best with vectors', name(selection.bestEmbedding, 60), 'used for neighbours'),
    ),
    why(selection),
  );
}

/** How far the held-out parts are held out. */
function heldOut(profile: DataProfile | undefined): Child {
  const sentences = heldOutSentences(profile?.heldOut ?? {});
  return sentences.length === 0 ? undefined : h('p', { class: 'held-out' }, sentences.join(' '));
}

/** How often the test part was looked at: each look makes what it says of the best a little less true. */
function readsText(reads: TestReads | undefined): string | undefined {
  if (reads === undefined) return undefined;
  const models = plural(reads.models, 'model');
  return reads.runs === 1
    ? `test part read by this run only (${models})`
    : `test part read by ${reads.runs} runs (${models})`;
}

/** The reason is told about the best model, whose name it need not repeat. */
function why({ best, why: reason }: EvaluationReport['selection']): HTMLElement {
  const text = cut(reason.startsWith(best) ? reason.slice(best.length).trimStart() : reason, 1000);
  return h('p', { class: 'why' }, h('strong', {}, name(best, 60)), text.startsWith(',') ? text : ` ${text}`);
}

function tile(label: string, value: Child, sub: string | undefined): HTMLElement {
  return h(
    'div',
    { class: 'tile' },
    h('span', { class: 'tile-label' }, label),
    h('span', { class: 'tile-value' }, value),
    sub !== undefined && h('span', { class: 'sub' }, sub),
  );
}

/** Everything that was noticed, each once: a report repeats what a branch warned of, with its name before. */
function allWarnings({ card: { run, profile, report, warnings: given } }: ViewContext): string[] {
  const steps = run.steps.flatMap((step) => step.warnings);
  const all = [...new Set([...given, ...(profile?.warnings ?? []), ...(report?.warnings ?? []), ...steps])];
  return all.filter((text) => !all.some((other) => other.endsWith(`: ${text}`)));
}

function warnings(context: ViewContext): Child {
  const all = allWarnings(context);
  if (all.length === 0) return undefined;
  const list = h('ul', {}, ...all.map((text) => h('li', {}, h('bdi', {}, cut(text, 600)))));
  const summary = h('span', {}, icon('warning'), plural(all.length, 'warning'));
  const open = { warnings: context.state.open['warnings'] ?? all.length <= 2 };
  return h('div', { class: 'callout callout-warning' }, details('warnings', summary, open, list));
}
