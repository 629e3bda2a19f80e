/**
 * Hints and warnings of the command line in the words of a window: what a person there has in place of options and commands. Where that
 * reads badly, or a window has quite another way, a failure has a wording of its own (`inWindow`).
 */
import { remedyOf, UserError, type ToldFailure } from '../user-error.ts';

/** What to do next, as a window says it; empty where nothing is known. */
export function hintInWindow({ hint = '', inWindow }: Pick<ToldFailure, 'hint' | 'inWindow'>): string {
  return inWindow ?? textInWindow(hint);
}

/** The same with its failure as a window says it, where it has one. */
export function failureInWindow<T extends { readonly failure?: ToldFailure | undefined }>(told: T): T {
  if (told.failure === undefined) return told;
  return { ...told, failure: { ...told.failure, hint: hintInWindow(told.failure) } };
}

/** What was noticed, as a window says it. */
export function warningsInWindow<T extends { readonly warnings: readonly string[] }>(told: T): T {
  return { ...told, warnings: told.warnings.map(textInWindow) };
}

/** What another process told, as a window says it. */
export function errorInWindow({ message, remedy, ...hints }: ToldFailure): UserError {
  return new UserError(message, hintInWindow(hints), { remedy: remedyOf(remedy) });
}

const TRAIN = '“RecSys: Train with Options…”';

/** What stands for an option. */
const WORDS: Readonly<Record<string, string>> = {
  'max-workers': '“Max Workers” in the settings',
  threads: '“Max Workers” in the settings',
  'memory-limit': '“Memory Limit” in the settings',
  store: '“Store Folder” in the settings',
  models: `“Models” of ${TRAIN}`,
  'sample-fraction': `“Sample” of ${TRAIN}`,
  'minimum-length': `“Minimum length” of ${TRAIN}`,
  seed: `“Seed” of ${TRAIN}`,
  method: 'the method',
};

/** What a window asks by itself, or lets choose in a list: nothing need be said of how. */
const ASKED: readonly string[] = ['output', 'force', 'model', 'profile', 'name', 'role', 'most'];

type Under = 'reading' | 'split' | undefined;

/** Keys of recsys.json, and the part of it that they stand in; flags are true or false there. */
const KEYS: Readonly<Record<string, { readonly key: string; readonly under?: Under; readonly flag?: true }>> =
  {
    format: { key: 'format' },
    sequence: { key: 'sequence' },
    item: { key: 'item' },
    order: { key: 'order' },
    user: { key: 'user' },
    group: { key: 'group' },
    time: { key: 'time' },
    'time-format': { key: 'timeFormat' },
    catalogue: { key: 'catalogue' },
    split: { key: 'by', under: 'split' },
    'split-column': { key: 'column', under: 'split' },
    straddling: { key: 'straddling', under: 'split' },
    ratios: { key: 'ratios', under: 'split' },
    header: { key: 'header', under: 'reading', flag: true },
    key: { key: 'key', under: 'reading', flag: true },
    delimiter: { key: 'delimiter', under: 'reading' },
    quote: { key: 'quote', under: 'reading' },
    encoding: { key: 'encoding', under: 'reading' },
    comment: { key: 'comment', under: 'reading' },
    'list-separator': { key: 'listSeparator', under: 'reading' },
    sheet: { key: 'sheet', under: 'reading' },
  };

const RUN = String.raw`(?: (?:<run>|\d{8}-\d{9}-\w{4}))?`;

const titled = (title: string): string => `“RecSys: ${title}”`;

/** Commands of the command line, and those of a window. */
const COMMANDS: readonly (readonly [command: RegExp, instead: string])[] = [
  [new RegExp(`recsys resume${RUN}`, 'g'), titled('Resume Run')],
  [new RegExp(`recsys cancel${RUN}`, 'g'), titled('Cancel Run')],
  [new RegExp(`recsys logs${RUN}`, 'g'), titled('Open Log')],
  [new RegExp(`recsys show${RUN}`, 'g'), titled('Open Result Card')],
  [new RegExp(`recsys rm${RUN}`, 'g'), titled('Delete Run')],
  [new RegExp(`recsys label${RUN}`, 'g'), titled('Edit Note…')],
  [new RegExp(`recsys refit${RUN}(?: --model <name>)?`, 'g'), titled('Train on Everything…')],
  [new RegExp(`recsys run --like${RUN}`, 'g'), titled('Train with Options…')],
  [/recsys run(?: <data>| ‹data›)/g, titled('Train')],
  [/recsys neighbours\b/g, titled('Find Neighbours…')],
  [/recsys serve\b/g, titled('Serve Locally')],
  [/recsys describe (?:<data> )?--save/g, titled('Choose Columns…')],
  [/recsys deploy <run>(?: --name [\w-]+)?(?: --rest)?/g, titled('Deploy…')],
  [/recsys runs\b/g, 'the view “Runs”'],
  [/recsys endpoint list\b/g, 'the view “Endpoints”'],
  [/recsys endpoint sweep\b/g, titled('Sweep What Was Left')],
  [/recsys endpoint delete [\w-]+/g, titled('Delete Endpoint…')],
];

/** An option, with the value that a hint gives it as an example, or that stands with it in brackets. */
const OPTION =
  /(?<=^|[\s(])--(no-)?([a-z][a-z-]*[a-z])(?: ("[^"]+"|csv|sequences|none|windows-1252|[\w-]+(?=\)))(?![\w-]))?/g;

/** Any such text: a hint, a warning, a note. */
export function textInWindow(hint: string): string {
  const commanded = COMMANDS.reduce((text, [command, instead]) => text.replace(command, instead), hint);
  const unasked = commanded
    .replace(new RegExp(` with --(?:${ASKED.join('|')})(?![\\w-])`, 'g'), '')
    .replace(/: --name [\w-]+/g, '')
    .replace('--store (setting recsys.storeFolder)', '--store');
  const places = new Set<Under>();
  const text = unasked.replace(OPTION, (whole, no: string | undefined, name: string, value?: string) => {
    const field = KEYS[name];
    if (field === undefined) return wordsOf(whole, name, value);
    places.add(field.under);
    return keyText(field, no !== undefined, value);
  });
  const more = [...keySentence(text, places), ...terminalSentence(text)];
  return more.length === 0 ? text : [/[.:?!]$/.test(text) ? text : `${text}.`, ...more].join(' ');
}

function wordsOf(whole: string, name: string, value: string | undefined): string {
  const words = WORDS[name];
  if (words === undefined) return whole;
  return value === undefined ? words : `${words} ${value}`;
}

function keyText({ key, flag }: (typeof KEYS)[string], isNot: boolean, value: string | undefined): string {
  if (flag === true) return `"${key}": ${String(!isNot)}`;
  if (isNot) return `no "${key}"`;
  if (value === undefined) return `"${key}"`;
  return `"${key}": ${value === 'none' ? '""' : value.startsWith('"') ? value : `"${value}"`}`;
}

/** Where keys are written, unless the hint says so itself. */
function keySentence(text: string, places: ReadonlySet<Under>): string[] {
  if (places.size === 0 || text.includes('recsys.json')) return [];
  const parts = [...places].flatMap((under) => (under === undefined ? [] : [`"${under}"`]));
  return [
    parts.length === 0
      ? 'Such a key stands in recsys.json.'
      : `Such a key stands in recsys.json, in ${parts.join(' or ')}.`,
  ];
}

/** What a window has nothing for; what is typed for the AWS command line says so itself. */
function terminalSentence(text: string): string[] {
  const ours = text.replace(/\baws [a-z][^,;)]*/g, '');
  if (/\brecsys [a-z]/.test(ours)) return ['That command is for a terminal.'];
  if (!/(?<=^|[\s(])--[a-z]/.test(ours)) return [];
  return ['That is an option for a terminal; “RecSys: Copy as Command” copies a run’s command.'];
}
