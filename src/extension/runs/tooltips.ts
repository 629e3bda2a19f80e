/** Tooltips in Markdown. Everything that comes from data passes through `escapeMarkdown`. */
import { l10n } from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import type { RunView, StepView } from '../../protocol/run-view.ts';
import { escapeMarkdown } from '../../protocol/text/escape.ts';
import { formatBytes, formatSeconds } from '../../protocol/text/format.ts';
import { hintInWindow } from '../../protocol/text/window-hint.ts';
import type { ToldFailure } from '../../protocol/user-error.ts';
import { formatMetric, formatRate } from '../text/format.ts';
import { progressText, runTitle, shortTime, stateWord } from './run-text.ts';
import type { ArtifactNode, ErrorNode, Node } from './tree-nodes.ts';

const SHOWN_METRICS = 8;
const SHOWN_PARAMETERS = 14;

/** Commands a tooltip may link to. */
export const TOOLTIP_COMMANDS = ['recsys.openCard'] as const;

/**
 * The tooltip of a row, as Markdown.
 * @param details of the row's run, where they are known
 */
export function tooltipMarkdown(node: Node, details?: RunView): string {
  switch (node.kind) {
    case 'folder':
      return escapeMarkdown(node.name);
    case 'run':
      return runTooltip(node.run, details);
    case 'step':
      return node.views.map(viewTooltip).join('\n\n---\n\n');
    case 'branch':
      return [
        viewTooltip(node.view),
        // What a kind chose by itself stands on the card.
        parameterTable(l10n.t('Parameters at the start'), branchParameters(node.run, node.view)),
      ]
        .filter(Boolean)
        .join('\n\n');
    case 'artifact':
      return artifactTooltip(node);
    case 'error':
      return errorTooltip(node);
  }
}

function sizeText({ bytes, mapBytes }: RunRow): string {
  return mapBytes === undefined
    ? formatBytes(bytes)
    : l10n.t('{0}, of which maps {1}', formatBytes(bytes), formatBytes(mapBytes));
}

function runTooltip(run: RunRow, details: RunView | undefined): string {
  const origin = details?.manifest.origin;
  const facts = [
    [l10n.t('State'), stateWord(run.state)],
    [l10n.t('Data'), run.data.path],
    [l10n.t('Started'), shortTime(run.started)],
    [l10n.t('Time'), run.seconds === undefined ? '' : formatSeconds(run.seconds)],
    [l10n.t('Size'), sizeText(run)],
    [l10n.t('Best model'), bestText(run)],
    [l10n.t('Trained on everything'), (run.everything ?? []).join(', ')],
    [l10n.t('Seed'), String(details?.manifest.parameters['seed'] ?? '')],
    [l10n.t('Origin'), origin === undefined ? '' : `${origin.run}: ${origin.reason}`],
    [l10n.t('Tags'), run.labels.tags.join(', ')],
    [l10n.t('Note'), run.labels.note ?? ''],
  ] as const;
  const parts = [
    `**${run.labels.starred ? '★ ' : ''}${escapeMarkdown(runTitle(run))}**`,
    failureText(run.failure),
    escapeMarkdown(run.verdict ?? ''),
    table(facts.filter(([, value]) => value !== '')),
    details === undefined ? '' : givenTable(details),
    `[${l10n.t('Open result card')}](command:recsys.openCard?${encodeURIComponent(JSON.stringify([run.folder]))}) · ${escapeMarkdown(run.id)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function bestText({ best, headline }: RunRow): string {
  return [best ?? '', headline === undefined ? '' : `${headline.metric} ${formatRate(headline.value)}`]
    .filter((part) => part !== '')
    .join(', ');
}

/** Parameters a person gave; the others are on the card. */
function givenTable({ manifest: { given, parameters } }: RunView): string {
  const names = given.filter((name) => name !== 'seed' && name in parameters);
  if (names.length === 0) return escapeMarkdown(l10n.t('No parameters were given: all are the defaults.'));
  return table(
    names.map((name) => [name, String(parameters[name])] as const),
    l10n.t('Given parameters'),
  );
}

function viewTooltip(view: StepView): string {
  const state = [
    stateWord(view.state),
    view.seconds === undefined ? '' : formatSeconds(view.seconds),
    view.attempt > 1 ? l10n.t('attempt {0}', view.attempt) : '',
  ];
  const parts = [
    `**${escapeMarkdown(view.title)}** · ${state.filter((part) => part !== '').join(' · ')}`,
    view.progress === undefined ? '' : escapeMarkdown(progressText(view.progress)),
    view.from === undefined ? '' : escapeMarkdown(l10n.t('Computed by run {0}', view.from)),
    failureText(view.failure),
    ...view.warnings.slice(0, SHOWN_METRICS).map((warning) => `⚠ ${escapeMarkdown(warning)}`),
    metricTable(view),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function metricTable(view: StepView): string {
  const metrics = Object.entries(view.metrics).slice(0, SHOWN_METRICS);
  return metrics.length === 0
    ? ''
    : table(
        metrics.map(([name, value]) => [name, formatMetric(value)]),
        l10n.t('Metric'),
      );
}

/** What a person gave comes first: kinds have more parameters than a tooltip has room for. */
function branchParameters(run: RunView, view: StepView): Record<string, unknown> {
  const model = run.manifest.models.find(({ name }) => name === view.branch);
  if (model === undefined) return {};
  const { parameters, given } = model;
  const first = given.filter((name) => name in parameters);
  const names = new Set([...first, ...Object.keys(parameters)]);
  return Object.fromEntries(Array.from(names, (name): [string, unknown] => [name, parameters[name]]));
}

function parameterTable(title: string, parameters: Readonly<Record<string, unknown>>): string {
  const all = Object.entries(parameters);
  const rows = all.slice(0, SHOWN_PARAMETERS).map(([name, value]) => [name, String(value)] as const);
  if (rows.length === 0) return '';
  const rest = rows.length < all.length ? `\n\n${escapeMarkdown(l10n.t('The card has the others.'))}` : '';
  return `${table(rows, title)}${rest}`;
}

function table(rows: readonly (readonly [string, string])[], title = ''): string {
  const lines = rows.map(([name, value]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`);
  return [`| ${title} | |`, '|---|---|', ...lines].join('\n');
}

function failureText(failure: ToldFailure | undefined): string {
  if (failure === undefined) return '';
  return [failure.message, hintInWindow(failure)]
    .filter((part) => part !== '')
    .map(escapeMarkdown)
    .join('  \n');
}

function artifactTooltip(node: ArtifactNode): string {
  const { artifact } = node;
  return table(
    [
      [l10n.t('File'), artifact.file],
      [l10n.t('Size'), formatBytes(artifact.bytes)],
      [l10n.t('SHA-256'), artifact.sha256],
    ],
    l10n.t('Artifact'),
  );
}

function errorTooltip(node: ErrorNode): string {
  return [node.message, node.hint]
    .filter((part) => part !== '')
    .map(escapeMarkdown)
    .join('\n\n');
}
