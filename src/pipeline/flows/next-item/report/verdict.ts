/** What the test part says of the chosen model, in one sentence. */
import {
  aheadIn,
  cannotTell,
  type Estimate,
  type PairedTest,
  type Verdict,
} from '../../../../protocol/report.ts';

export interface VerdictInput {
  readonly metric: string;
  /** The model that validation chose by this metric; undefined where no figures chose. */
  readonly best: string | undefined;
  /** Each model's figure on the test part, in the order of the run. */
  readonly figures: Readonly<Record<string, Estimate>>;
  /** All pairs of models on the test part, in this metric. */
  readonly tests: readonly PairedTest[];
  /** What was split: "users". */
  readonly unit: string;
}

/** How the others stand to the chosen model. */
type Order = Pick<Verdict, 'tied' | 'below' | 'above'> & { readonly best: string };

/** From this ratio of figures on, above is far above. */
const FAR = 2;
/** Models that cannot be told apart tie where the lesser figure is at least this share of the other. */
const CLOSE = 0.8;
/** Longer lists of names are counted. */
const MOST_NAMES = 4;

/** Whether the first model is shown to be better than the second. */
function isAhead(tests: readonly PairedTest[], first: string, second: string): boolean {
  return tests.some((test) => aheadIn(test) === first && (test.a === second || test.b === second));
}

/** Puts the models of a test part in order around the chosen one, and says so. */
export function verdictOf(input: VerdictInput): Verdict {
  const { metric, best, figures, tests } = input;
  const names = Object.keys(figures);
  const none = { metric, tied: [], below: [], above: [] };
  if (names.every((name) => valueIn(figures, name) === 0))
    return { ...none, sentence: `Every model's ${metric} is 0 on the test part, so none is best.` };
  if (best === undefined) return { ...none, sentence: unchosenSentence(input) };
  const chosen = { ...none, best };
  if (names.length === 1) return { ...chosen, sentence: `${best} is the only model.` };
  if (tests.every((test) => cannotTell(test, tests.length)))
    return { ...chosen, tooFew: true, sentence: tooFewSentence(input, names.length) };
  const others = names
    .filter((name) => name !== best)
    .sort((a, b) => valueIn(figures, b) - valueIn(figures, a));
  const above = others.filter((name) => isAhead(tests, name, best));
  const below = others.filter((name) => isAhead(tests, best, name));
  const tied = others.filter((name) => !above.includes(name) && !below.includes(name));
  const order = { ...chosen, tied, below, above };
  return { ...order, sentence: sentenceOf(order, input) };
}

const valueIn = (figures: VerdictInput['figures'], name: string): number => figures[name]?.value ?? 0;

/** Who would be chosen by test figures would be flattered by them: they are said, and choose nothing. */
function unchosenSentence({ metric, figures }: VerdictInput): string {
  const [most = ''] = Object.keys(figures).sort((a, b) => valueIn(figures, b) - valueIn(figures, a));
  return `Validation chose no model, since none hits any of its targets; on this part ${most} has the highest ${metric}, ${valueIn(figures, most).toFixed(4)}.`;
}

function tooFewSentence({ tests, unit }: VerdictInput, models: number): string {
  const clusters = tests[0]?.clusters ?? 0;
  const counted = clusters === 1 ? `one of the ${unit}` : `${clusters} ${unit}`;
  return `The test part has ${counted}, too few to tell ${models === 2 ? 'the two' : `${models}`} models apart.`;
}

/** `a`, `a and b`, `a, b and c`; of long lists how many there are. */
function listed(names: readonly string[], rest = 'other models'): string {
  if (names.length > MOST_NAMES) return `${names.length} ${rest}`;
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function sentenceOf({ best, tied, below, above }: Order, input: VerdictInput): string {
  const { figures, tests } = input;
  const close = tied.filter((name) => isClose(valueIn(figures, name), valueIn(figures, best)));
  const open = tied.filter((name) => !close.includes(name));
  const level = [best, ...close];
  // What is behind the best alone, and not behind those it ties with, is left to the table.
  const clear = below.filter((name) => level.every((one) => isAhead(tests, one, name)));
  const between = below.filter((name) => !clear.includes(name));
  const least = Math.min(...level.map((name) => valueIn(figures, name)));
  const far = clear.filter((name) => least >= FAR * valueIn(figures, name));
  const near = clear.filter((name) => !far.includes(name));
  const parts = [
    above.length === 0 ? '' : `${listed(above)} did better here than ${best}, which validation chose`,
    close.length === 0 ? '' : tieOf(best, close),
    aheadOf(level, near, far),
    between.length === 0
      ? ''
      : `${listed(between)} ${between.length === 1 ? 'is' : 'are'} shown to be behind ${best} only`,
    open.length === 0 ? '' : openOf(best, open, input),
  ];
  const text = parts.filter((part) => part !== '').join('; ');
  return `${text}.`;
}

function isClose(one: number, other: number): boolean {
  return Math.min(one, other) >= CLOSE * Math.max(one, other);
}

/** Figures that differ by much, of too few or too uneven clusters to say that the difference is real. */
function openOf(best: string, open: readonly string[], { figures, unit }: VerdictInput): string {
  const clusters = figures[best]?.clusters;
  return `the ${clusters === undefined ? '' : `${clusters} `}${unit} do not tell ${listed(open, 'more models')} from ${best}`;
}

function tieOf(best: string, tied: readonly string[]): string {
  return tied.length < MOST_NAMES ? `${listed([best, ...tied])} tie` : `${best} ties with ${listed(tied)}`;
}

function aheadOf(level: readonly string[], near: readonly string[], far: readonly string[]): string {
  if (near.length + far.length === 0) return '';
  const [one = '', ...more] = level;
  const who = more.length === 0 ? `${one} is` : more.length === 1 ? 'both are' : 'all of these are';
  const parts = [
    near.length === 0 ? '' : `above ${listed(near)}`,
    far.length === 0 ? '' : `far above ${listedWithPopularity(far)}`,
  ];
  return `${who} ${parts.filter((part) => part !== '').join(', and ')}`;
}

/** Popularity is what anyone asks of first: it is named even where others are only counted. */
function listedWithPopularity(names: readonly string[]): string {
  const counted = names.length > MOST_NAMES && names.includes('popularity');
  return counted ? `popularity and ${names.length - 1} others` : listed(names);
}
