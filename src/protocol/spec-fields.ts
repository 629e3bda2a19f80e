/**
 * The fields of the dataset spec as command line options: what reads options, and what writes the command that makes a
 * run again, go by this one table, so that the two cannot part. A new field of the spec is a new entry here.
 */
import {
  DataFormat,
  DEFAULT_STRADDLING,
  Reading,
  Split,
  Straddling,
  type DatasetSpec,
} from './dataset-spec.ts';

export interface SpecField {
  /** The option's name in camelCase: `minimumLength` is `--minimum-length`. */
  readonly name: string;
  /** The part of the spec it belongs to. */
  readonly of: keyof DatasetSpec;
  /** What follows the option, as help shows it: `column`. Absent: nothing does, it is on or, as `--no-<name>`, off. */
  readonly value?: string;
  /** One sentence for `--help`. */
  readonly help: string;
  readonly choices?: readonly string[];
  /** May be given several times, once a value. */
  readonly repeatable?: true;
  /** Says more of its part of the spec, but does not choose it. */
  readonly detail?: true;
  /** The spec may lack it, which `--no-<name>` says. */
  readonly optional?: true;
  /** Says what is wrong with a value, where something is. */
  problem?(word: string): string | undefined;
  /** The values that stand for it; none: the spec lacks it, or it is off; undefined: the spec leaves it open. */
  words(spec: DatasetSpec): readonly string[] | undefined;
  /** The spec with these values, which have no problem, instead of its own. */
  change(spec: DatasetSpec, words: readonly string[]): DatasetSpec;
}

/** What was given of a spec by itself: values by the name of their field. */
export type SpecChanges = Readonly<Record<string, readonly string[]>>;

type Shown = Pick<SpecField, 'help'>;

/** Columns, one or several. */
function columns(name: 'sequence' | 'item' | 'order', shown: Shown & Pick<SpecField, 'optional'>): SpecField {
  return {
    ...{ name, of: name, value: 'column', repeatable: true, ...shown },
    words: (spec) => spec[name],
    change: (spec, words) => ({ ...spec, [name]: [...words] }),
  };
}

/** A column the data may lack. */
function column(name: 'user' | 'group' | 'time', shown: Shown): SpecField {
  return {
    ...{ name, of: name, value: 'column', optional: true, ...shown },
    words: (spec) => given(spec[name]),
    change: ({ [name]: _, ...spec }, [word]) => ({
      ...spec,
      ...(word === undefined ? {} : { [name]: word }),
    }),
  };
}

function given(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}

const timeFormat: SpecField = {
  name: 'timeFormat',
  of: 'timeFormat',
  value: 'format',
  help: 'how text in the order and time columns writes a time, as strptime has it: "%d/%m/%Y %H:%M"; --no-time-format: found from the values',
  optional: true,
  problem: (word) =>
    word.includes('%') ? undefined : 'It must be a strptime format, such as "%d/%m/%Y %H:%M".',
  words: (spec) => given(spec.timeFormat),
  change: ({ timeFormat: _, ...spec }, [word]) => ({
    ...spec,
    ...(word === undefined ? {} : { timeFormat: word }),
  }),
};

const split: SpecField = {
  name: 'split',
  of: 'split',
  value: 'by',
  help: 'how the data are split',
  choices: Split.shape.by.options,
  words: (spec) => [spec.split.by],
  change: ({ split: { column: name, straddling: how, ...rest }, ...spec }, [word]) => {
    const by = Split.shape.by.parse(word);
    return {
      ...spec,
      split: {
        ...{ ...rest, by },
        ...(by === 'column' && name !== undefined ? { column: name } : {}),
        ...(hasBoundaries(by) && how !== undefined ? { straddling: how } : {}),
      },
    };
  },
};

const splitColumn: SpecField = {
  name: 'splitColumn',
  of: 'split',
  value: 'column',
  help: 'column that says train, validation or test, for --split column',
  words: ({ split: { by, column: name } }) => (by === 'column' ? given(name) : []),
  change: (spec, [word]) => ({
    ...spec,
    split: { ...spec.split, by: 'column', ...(word === undefined ? {} : { column: word }) },
  }),
};

/** Whether a split may part its sequences at an instant. */
function hasBoundaries(by: Split['by']): boolean {
  return by === 'time' || by === 'column';
}

/** The default is the same as nothing, in whatever words a spec has it. */
const straddling: SpecField = {
  name: 'straddling',
  of: 'split',
  detail: true,
  value: 'how',
  help: 'sequences with rows on both sides of a boundary in time: their later rows are cut (the default), or they are dropped',
  choices: Straddling.options,
  words: ({ split: { by, straddling: how = DEFAULT_STRADDLING } }) => (hasBoundaries(by) ? [how] : []),
  change: ({ split: { straddling: _, ...rest }, ...spec }, [word]) => ({
    ...spec,
    split: { ...rest, ...(word === DEFAULT_STRADDLING ? {} : { straddling: Straddling.parse(word) }) },
  }),
};

const SHARES = 3;

const ratios: SpecField = {
  name: 'ratios',
  of: 'split',
  detail: true,
  value: 'shares',
  help: 'shares of train, validation and test: 0.7,0.2,0.1',
  problem: (word) => {
    const shares = word.split(',').map(numberOf);
    const fit = shares.length === SHARES && shares.every((share) => share >= 0 && share <= 1);
    return fit ? undefined : 'It must be three shares from 0 to 1 with commas, such as 0.7,0.2,0.1.';
  },
  words: (spec) => [spec.split.ratios.join(',')],
  change: (spec, [word = '']) => {
    const shares = word.split(',').map(numberOf);
    return { ...spec, split: { ...spec.split, ratios: Split.shape.ratios.parse(shares) } };
  },
};

const minimumLength: SpecField = {
  name: 'minimumLength',
  of: 'minimumLength',
  value: 'n',
  help: 'shorter sequences are dropped',
  problem: (word) => {
    const length = numberOf(word);
    return Number.isInteger(length) && length >= 2 ? undefined : 'It must be a whole number of at least 2.';
  },
  words: (spec) => [String(spec.minimumLength)],
  change: (spec, [word = '']) => ({ ...spec, minimumLength: numberOf(word) }),
};

const sample: SpecField = {
  name: 'sampleFraction',
  of: 'sample',
  value: 'share',
  help: 'share of the sequences to keep',
  problem: (word) => {
    const share = numberOf(word);
    return share > 0 && share <= 1 ? undefined : 'It must be above 0 and at most 1.';
  },
  words: (spec) => [String(spec.sample)],
  change: (spec, [word = '']) => ({ ...spec, sample: numberOf(word) }),
};

const format: SpecField = {
  name: 'format',
  of: 'format',
  value: 'format',
  help: 'how the files are written; sequences: one a line, its key, then its items',
  choices: DataFormat.options,
  words: (spec) => [spec.format],
  change: (spec, [word]) => ({ ...spec, format: DataFormat.parse(word) }),
};

type Told = NonNullable<DatasetSpec['reading']>;

/** A part of the reading that is told by one word. */
function readingWord<K extends keyof Told>(
  name: K,
  shown: Shown & Partial<Pick<SpecField, 'choices' | 'problem'>> & { readonly value: string },
  parse: (word: string) => Told[K],
  write: (value: NonNullable<Told[K]>) => string = String,
): SpecField {
  return {
    ...{ name, of: 'reading', detail: true, ...shown },
    words: ({ reading }) => {
      const value = reading?.[name];
      return value === undefined ? [] : [write(value)];
    },
    change: (spec, [word]) => withReading(spec, name, word === undefined ? undefined : parse(word)),
  };
}

/** Whether something is so, where it is told. */
function readingFlag(name: 'header' | 'key', help: string): SpecField {
  return {
    ...{ name, of: 'reading', detail: true, help },
    words: ({ reading }) => {
      const so = reading?.[name];
      return so === undefined ? undefined : so ? ['true'] : [];
    },
    change: (spec, words) => withReading(spec, name, words.length > 0),
  };
}

/** Leaves nothing told: what is told again comes after it. */
const untold: SpecField = {
  ...{ name: 'reading', of: 'reading' },
  help: 'read as the options say; --no-reading: as the files look, but for the options beside it',
  words: () => [],
  change: (spec, words) => {
    const { reading: _, ...rest } = spec;
    return words.length === 0 ? rest : spec;
  },
};

function withReading<K extends keyof Told>(spec: DatasetSpec, name: K, value: Told[K]): DatasetSpec {
  const { reading: { [name]: _, ...others } = {}, ...rest } = spec;
  const reading = value === undefined ? others : { ...others, [name]: value };
  return Object.keys(reading).length === 0 ? rest : { ...rest, reading };
}

/** Marks that are hard to type, by name. */
const MARKS: Readonly<Record<string, string>> = { tab: '\t', '\\t': '\t', blank: ' ', space: ' ', none: '' };

function markOf(word: string): string {
  return MARKS[word] ?? word;
}

function nameOfMark(mark: string): string {
  return { '\t': 'tab', ' ': 'blank', '': 'none' }[mark] ?? mark;
}

const reading: readonly SpecField[] = [
  untold,
  readingFlag('header', 'the first line of a table names the columns; --no-header: it is a row'),
  readingWord(
    'delimiter',
    { value: 'mark', help: 'what parts fields: a text such as ::, or tab, or blank (any run of blanks)' },
    markOf,
    nameOfMark,
  ),
  readingWord(
    'quote',
    { value: 'mark', help: 'what encloses fields; none: quotes are text', choices: ['"', "'", 'none'] },
    (word) => Reading.shape.quote.parse(markOf(word)),
    nameOfMark,
  ),
  readingWord(
    'encoding',
    { value: 'name', help: 'of text: utf-8, windows-1252, utf-16le, shift_jis, …' },
    String,
  ),
  readingWord(
    'comment',
    { value: 'mark', help: 'lines at the beginning that start with it are left out' },
    String,
  ),
  readingFlag('key', 'of sequences: lines begin with a key; --no-key: with their first item'),
  readingWord(
    'listSeparator',
    { value: 'mark', help: 'what parts the items in a cell of the item column' },
    markOf,
    nameOfMark,
  ),
  readingWord('sheet', { value: 'name', help: 'sheet of an Excel workbook' }, String),
];

const catalogue: SpecField = {
  name: 'catalogue',
  of: 'catalogue',
  value: 'file',
  optional: true,
  help: 'table of the items there are, with the item columns, so that new items can be recommended; --no-catalogue: none',
  words: (spec) => given(spec.catalogue),
  change: ({ catalogue: _, ...spec }, [word]) => ({
    ...spec,
    ...(word === undefined ? {} : { catalogue: word }),
  }),
};

/** `NaN` for what is no number, an empty text included. */
function numberOf(word: string): number {
  return word.trim() === '' ? Number.NaN : Number(word);
}

/** In the order in which they are applied. */
export const SPEC_FIELDS: readonly SpecField[] = [
  format,
  ...reading,
  columns('sequence', { help: 'column that identifies a sequence (repeatable)' }),
  columns('item', { help: 'column that identifies an item (repeatable)' }),
  columns('order', {
    help: 'column that orders the rows of a sequence (repeatable); --no-order: the order of the file',
    optional: true,
  }),
  column('user', { help: 'column of the user, for a split by user; --no-user: none' }),
  column('group', { help: 'item column that groups items, such as the artist; --no-group: none' }),
  column('time', {
    help: 'column of the time, for a split by time, or in time within a given one; --no-time: none',
  }),
  timeFormat,
  catalogue,
  split,
  splitColumn,
  straddling,
  ratios,
  minimumLength,
  sample,
];

/** The spec with what was given by itself in place of its own. */
export function changeSpec(spec: DatasetSpec, changes: SpecChanges): DatasetSpec {
  return SPEC_FIELDS.reduce((changed, field) => {
    const words = changes[field.name];
    return words === undefined ? changed : field.change(changed, words);
  }, spec);
}

/** Every field of a spec that a command has to say, so that nothing is left to a guess: the inverse of `changeSpec`. */
export function specChangesOf(spec: DatasetSpec): SpecChanges {
  return Object.fromEntries(
    SPEC_FIELDS.flatMap((field) => {
      const words = field.words(spec);
      if (words === undefined) return [];
      const said = words.length > 0 || field.optional === true || field.value === undefined;
      return said ? [[field.name, words] as const] : [];
    }),
  );
}
