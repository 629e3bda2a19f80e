/** The head of the card: which run, its state, and the answer in one line. */
import { heldOutSentences } from '../../../src/protocol/held-out.ts';
import type { DataProfile } from '../../../src/protocol/profile.ts';
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import type { CardData, RunView, TestReads } from '../../../src/protocol/run-view.ts';
import type { ShownState } from '../../../src/protocol/step.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { bytes, compact, cut, duration, moment, plural, rate, significant } from '../../kit/format.ts';
import { icon } from '../../kit/icon.ts';
import { details, name, select, tile } from '../../kit/parts.ts';
import type { Choose } from '../../kit/parts.ts';
import { bestModel, shownVerdict } from './chosen.ts';
import { estimateCell } from './estimate.ts';
import { metricTitle } from './metric-names.ts';
import { opening } from './view-context.ts';
import type { ViewContext } from './view-context.ts';

export function header(context: ViewContext): Drawn {
  const { card } = context;
  return h(
    'header',
    {},
    titleLine(context),
    metaLine(context),
    labels(card.run),
    card.run.state === 'running' && progress(card.run),
    failure(card.run),
    card.report !== undefined && answer(context, card.report),
    heldOut(card.profile),
    warnings(context),
  );
}

/** A state by icon and by word. */
export function stateBadge(state: ShownState): Drawn {
  return h('span', { class: `state state-${state}` }, icon(state), state);
}

function titleLine(context: ViewContext): Drawn {
  const { run } = context.card;
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
    context.host === 'vscode' &&
      h('span', { class: 'actions' }, exploreButton(context), mapButton(context), buttonOf(context)),
  );
}

/** Of a run whose models can be asked. */
function exploreButton({ card, text, actions }: ViewContext): Child {
  if (card.report === undefined) return undefined;
  return h(
    'button',
    { type: 'button', class: 'button', onClick: actions.openExplorer },
    text('openExplorer'),
  );
}

/** Of a run that has a model with vectors. */
function mapButton({ card, text, actions }: ViewContext): Child {
  return (
    card.run.bestEmbedding !== undefined &&
    h('button', { type: 'button', class: 'button', onClick: actions.openMap }, text('openMap'))
  );
}

/** What can be done with the run as it stands. */
function buttonOf({ card, text, actions }: ViewContext): Child {
  const { state } = card.run;
  const button = (label: string, onClick: () => void): Drawn =>
    h('button', { type: 'button', class: 'button', onClick }, label);
  if (state === 'running') return button(text('cancelRun'), actions.cancelRun);
  if (state !== 'succeeded') return state !== 'pending' && button(text('resumeRun'), actions.resumeRun);
  return canTrainOnEverything(card) && button(text('trainOnEverything'), actions.trainOnEverything);
}

/** Of a run whose best model is not trained so yet; a tuning's cannot be. */
function canTrainOnEverything({ run, report, tuning }: CardData): boolean {
  const { best, everything = [] } = run;
  return report !== undefined && tuning === undefined && best !== undefined && !everything.includes(best);
}

function metaLine({ card: { run }, text }: ViewContext): Drawn {
  const parts: Child[] = [
    run.labels.name !== undefined && h('code', {}, run.id),
    name(run.manifest.data.path, 90),
    h('time', { datetime: run.started, title: run.started }, moment(run.started)),
    run.seconds !== undefined && h('span', { title: 'Time taken' }, duration(run.seconds)),
    run.bytes > 0 &&
      h('span', { title: 'Size of all that the run holds, its maps included' }, bytes(run.bytes)),
    run.manifest.origin !== undefined &&
      h(
        'span',
        { title: cut(run.manifest.origin.reason, 400) },
        'continues ',
        h('code', {}, cut(run.manifest.origin.run, 60)),
      ),
    run.everything !== undefined && cut(text('onEverything', run.everything.join(', ')), 200),
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

function progress(run: RunView): Drawn {
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

function answer(context: ViewContext, report: EvaluationReport): Drawn {
  const {
    card: { testReads },
    state,
  } = context;
  const { selection, metrics } = report;
  const verdict = shownVerdict(report, state);
  const metric = verdict?.metric ?? selection.metric;
  const best = bestModel(report, state);
  const title = metricTitle(metric);
  const figure = (part: 'validation' | 'test') =>
    best === undefined ? undefined : metrics[part][best]?.metrics[metric];
  return h(
    'div',
    { class: 'answer' },
    verdict !== undefined && h('p', { class: 'verdict' }, cut(verdict.sentence, 600)),
    h(
      'div',
      { class: 'tiles' },
      tile('Chosen model', best === undefined ? 'none' : name(best, 60), [`by ${title} on validation`]),
      tile(`${title}, test`, estimateCell(figure('test')), [groundText(report), readsText(testReads)]),
      tile(`${title}, validation`, estimateCell(figure('validation')), ['flatters: it was chosen on these']),
      againstPopularity(report, best, metric),
      selection.bestEmbedding !== undefined &&
        tile('Best with vectors', name(selection.bestEmbedding, 60), ['used for neighbours']),
    ),
    metricChoice(report, metric, context.actions.choose),
    why(report, best, metric),
  );
}

/** By which metric models are chosen and judged; a choice where the report has several. */
function metricChoice({ verdicts }: EvaluationReport, metric: string, choose: Choose): Child {
  if (verdicts.length < 2) return undefined;
  const choices = verdicts.map((one) => ({ value: one.metric, label: metricTitle(one.metric) }));
  return h('div', { class: 'toolbar' }, select('metric', 'Choose and judge by', choices, metric, choose));
}

function againstPopularity(report: EvaluationReport, best: string | undefined, metric: string): Child {
  const figures = report.metrics.test;
  const popularity = figures['popularity']?.metrics[metric]?.value ?? 0;
  const value = best === undefined ? undefined : figures[best]?.metrics[metric]?.value;
  if (value === undefined || popularity === 0 || best === 'popularity') return undefined;
  const times = `${significant(value / popularity, 2)} ×`;
  return tile('Against popularity', times, [`${rate(popularity)} for the most popular`]);
}

/** What the figures rest on. */
function groundText({ protocol: { clusters, queries } }: EvaluationReport): string | undefined {
  if (clusters === undefined) return undefined;
  const unit = clusters.unit === 'users' ? 'user' : 'sequence';
  return `over ${plural(clusters.test, unit)} (${plural(queries.test, 'query', 'queries')})`;
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

/** Why the run chose its best; by another metric there is no more to say than what the tiles do. */
function why({ selection }: EvaluationReport, best: string | undefined, metric: string): Child {
  if (metric !== selection.metric) return undefined;
  const { why: reason } = selection;
  // The reason is told about the best model, whose name it need not repeat.
  const named = best !== undefined && reason.startsWith(best);
  const text = cut(named ? reason.slice(best.length).trimStart() : reason, 1000);
  if (best === undefined) return h('p', { class: 'why' }, text);
  return h('p', { class: 'why' }, h('strong', {}, name(best, 60)), text.startsWith(',') ? text : ` ${text}`);
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
  return h(
    'div',
    { class: 'callout callout-warning' },
    details('warnings', summary, opening(context, 'warnings', all.length <= 2), list),
  );
}
