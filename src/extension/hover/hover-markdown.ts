/** The hover as Markdown. Names come from data, so that all of them are escaped; links are of few commands only. */
import { l10n } from 'vscode';
import type { ItemAtPlace, NeighbourReply } from '../../protocol/engine.ts';
import { escapeMarkdown } from '../../protocol/text/escape.ts';
import { oneOrMany } from '../../protocol/text/format.ts';
import type { Answering } from '../answering/answering-models.ts';
import { answeringText } from '../answering/answering-text.ts';

/** Commands the hover may link to. */
export const HOVER_COMMANDS = [
  'recsys.openExplorer',
  'recsys.findInData',
  'recsys.copyItem',
  'recsys.chooseAnsweringModel',
] as const;
export type HoverCommand = (typeof HOVER_COMMANDS)[number];

/** What the links of an item pass on. */
export interface ItemReference {
  readonly item: string;
  readonly run: string;
  readonly model: string;
}

export interface HoverContext {
  readonly answering: Answering;
  /** Items of the vocabulary. */
  readonly items: number;
  readonly has: (command: HoverCommand) => boolean;
}

type Told = Extract<ItemAtPlace, { kind: 'item' }>;
type Unknown = Extract<ItemAtPlace, { kind: 'unknown' }>;

const figure = (value: number): string => value.toLocaleString('en-US');

export function itemMarkdown(told: Told, context: HoverContext): string {
  const rows = oneOrMany(told.trainRows, l10n.t('1 training row'), (n) => l10n.t('{0} training rows', n));
  const place = l10n.t('{0} of {1} by frequency', figure(told.rank), figure(context.items));
  const facts = [rows, place, ...(told.folded ? [l10n.t('written otherwise here')] : [])].join(' · ');
  const near =
    told.noNeighbours === undefined ? neighbourTable(told.neighbours) : escapeMarkdown(told.noNeighbours);
  // A long hover is cut: what can be done stands where it is seen.
  return [`**${escapeMarkdown(told.item)}**  \n${facts}`, footer(context, told.item), near].join('\n\n');
}

export function unknownMarkdown({ name, near }: Unknown, context: HoverContext): string {
  const none = l10n.t('No item is called {0}.', `**${escapeMarkdown(name)}**`);
  const meant = near.map((other) => `- ${escapeMarkdown(other)}`).join('\n');
  const hint = near.length === 0 ? [] : [`${l10n.t('Near it:')}\n\n${meant}`];
  return [none, ...hint, footer(context, undefined)].join('\n\n');
}

const WIDTH = 8;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** In eighths of a letter. */
export function bar(share: number): string {
  const eighths = Math.round(8 * WIDTH * Math.min(1, Math.max(0, share)));
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '');
}

function neighbourTable(neighbours: NeighbourReply['neighbours']): string {
  if (neighbours.length === 0) return l10n.t('The model relates no other item to it.');
  const largest = Math.max(...neighbours.map(({ score }) => Math.abs(score)), Number.MIN_VALUE);
  // Products of vectors of length 1 are shares already; other scores are told beside the largest.
  const whole = largest <= 1 ? 1 : largest;
  const lines = neighbours.map(
    ({ item, score }) => `|${escapeMarkdown(item)}|${bar(score / whole)}|${score.toPrecision(3)}|`,
  );
  return [`|${l10n.t('Nearest')}|||`, '|:--|:--|--:|', ...lines].join('\n');
}

function footer({ answering, has }: HoverContext, item: string | undefined): string {
  const reference =
    item === undefined ? undefined : { item, run: answering.run.folder, model: answering.model };
  const links: [HoverCommand, string, ItemReference | undefined][] = [
    ['recsys.openExplorer', l10n.t('Open in Explorer'), reference],
    ['recsys.findInData', l10n.t('Find in Data'), reference],
    ['recsys.copyItem', l10n.t('Copy'), reference],
  ];
  const written = links.flatMap(([command, label, argument]) =>
    argument !== undefined && has(command) ? [link(command, label, argument)] : [],
  );
  const change = link('recsys.chooseAnsweringModel', l10n.t('Change'), undefined);
  return [...written, `${escapeMarkdown(answeringText(answering))} ${change}`].join(' · ');
}

function link(command: HoverCommand, label: string, argument: ItemReference | undefined): string {
  const text = argument === undefined ? '' : `?${encoded(JSON.stringify([argument]))}`;
  return `[${label}](command:${command}${text})`;
}

/** Brackets would end the link. Halves of letters cannot be encoded, and `JSON.stringify` writes them out. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[()'*!~]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}
