/** How the rows of an input are read as queries. */
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import { changeSpec, SPEC_FIELDS, type SpecChanges } from '../../protocol/spec-fields.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { DataSource } from '../data/data-source.ts';
import { previewData } from '../data/describe/preview-data.ts';
import type { DuckDBSession } from '../data/duckdb-session.ts';
import { openSource } from '../data/reading/open-source.ts';
import { sourceOf } from '../data/reading/source-of.ts';

export interface AskedInput {
  /** A file, a folder or a glob. */
  readonly input: string;
  /** Spec of the data that the model was trained on; absent: the columns are guessed. */
  readonly trainedOn: DatasetSpec | undefined;
  /** What a person told of the input. */
  readonly changes: SpecChanges;
}

export interface InputSpec {
  readonly source: DataSource;
  readonly spec: DatasetSpec;
  /** Each row is a query: its items are a list, and no column names it. */
  readonly rowIsQuery: boolean;
  /** Why columns were taken, where they were guessed. */
  readonly reasons: readonly string[];
}

/** Nothing of a split is asked of queries. */
const PLAIN: Pick<DatasetSpec, 'minimumLength' | 'sample' | 'split'> = {
  minimumLength: 2,
  sample: 1,
  split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
};

/**
 * Columns are as they were told, else those of the data that the model was trained on, else guessed.
 * @param scratch where copies go of what cannot be read as it is
 * @throws UserError where there is no such input, or it has no such columns
 */
export async function inputSpec(
  session: DuckDBSession,
  asked: AskedInput,
  scratch: string,
): Promise<InputSpec> {
  const { base, reasons } = await baseSpec(asked);
  const changed = changeSpec(base, asked.changes);
  const source = await sourceFor(asked, changed);
  const { format, reading } = source;
  const { sequence, item, order, timeFormat } = changed;
  const spec: DatasetSpec = {
    ...PLAIN,
    ...{ format, sequence, item, order },
    ...(reading === undefined ? {} : { reading }),
    ...(timeFormat === undefined ? {} : { timeFormat }),
  };
  const opened = await openSource(session, source, { scratch, whole: false }, spec);
  const columns = [...opened.columns.keys(), ...opened.folded.map(({ name }) => name)];
  const { rowIsQuery } = checkColumns(spec, { ...asked, columns, isUnfolded: opened.isUnfolded });
  if (!rowIsQuery) return { source, spec, rowIsQuery, reasons };
  return {
    ...{ source, rowIsQuery, reasons },
    spec: { ...spec, order: order.filter((name) => columns.includes(name)) },
  };
}

async function baseSpec({
  input,
  trainedOn,
  changes,
}: AskedInput): Promise<{ readonly base: DatasetSpec; readonly reasons: readonly string[] }> {
  if (trainedOn !== undefined) return { base: trainedOn, reasons: [] };
  // A split that is given is not measured.
  const { saved, guess } = await previewData(input, process.cwd(), { ...changes, split: ['sequence'] });
  if (saved !== undefined) return { base: saved, reasons: [] };
  const reasons = ['sequence', 'item', 'order'].flatMap((part) => {
    const reason = changes[part] === undefined ? guess.reasons[part] : undefined;
    return reason === undefined ? [] : [`${part}: ${reason}`];
  });
  return { base: guess.spec, reasons };
}

/** The input may be written otherwise than the data were: then what was told of their reading says nothing of it. */
async function sourceFor({ input, trainedOn, changes }: AskedInput, spec: DatasetSpec): Promise<DataSource> {
  const isTold = (of: keyof DatasetSpec): boolean =>
    SPEC_FIELDS.some((field) => field.of === of && changes[field.name] !== undefined);
  const readingTold = isTold('reading') || trainedOn === undefined;
  const known = {
    ...(isTold('format') || trainedOn === undefined ? { format: spec.format } : {}),
    ...(readingTold && spec.reading !== undefined ? { reading: spec.reading } : {}),
  };
  const source = await sourceOf(input, known);
  if (readingTold || spec.reading === undefined || source.format !== trainedOn.format) return source;
  return { ...source, reading: spec.reading };
}

interface Columns extends AskedInput {
  readonly columns: readonly string[];
  readonly isUnfolded: boolean;
}

function checkColumns(
  { sequence, item, order }: DatasetSpec,
  { input, changes, columns, isUnfolded }: Columns,
): { readonly rowIsQuery: boolean } {
  const lacking = (names: readonly string[]): string[] => names.filter((name) => !columns.includes(name));
  const refuse = (
    names: readonly string[],
    otherwise: string,
    { hint, inWindow }: { readonly hint: string; readonly inWindow: string },
  ): UserError => {
    const missing = names.map((name) => `'${name}'`).join(', ');
    const there = `Its columns are ${columns.join(', ')}.`;
    return new UserError(
      names.length === 0 ? otherwise : `${input} has no column ${missing}.`,
      `${there} ${hint}`,
      { exitCode: EXIT.usage, remedy: 'columns', inWindow: `${there} ${inWindow}` },
    );
  };
  if (item.length === 0 || lacking(item).length > 0)
    throw refuse(lacking(item), `Which columns of ${input} name items is not told.`, {
      hint: 'Name them with --item.',
      inWindow: 'Choose those that name items.',
    });
  const isTold = changes['sequence'] !== undefined && changes['sequence'].length > 0;
  if (sequence.length === 0 || lacking(sequence).length > 0) {
    if (isUnfolded && !isTold) return { rowIsQuery: true };
    throw refuse(lacking(sequence), `Which columns of ${input} tell queries apart is not told.`, {
      hint: 'Name them with --sequence; or, where each row is a query, the column that lists its items with --item.',
      inWindow:
        'Choose those that tell queries apart; or, where each row is a query, none, and the column that lists its items.',
    });
  }
  if (lacking(order).length > 0)
    throw refuse(lacking(order), '', {
      hint: 'Name what orders the items of a query with --order, or say --no-order: as the rows stand.',
      inWindow: 'Choose what orders the items of a query, or nothing: as the rows stand.',
    });
  return { rowIsQuery: false };
}
