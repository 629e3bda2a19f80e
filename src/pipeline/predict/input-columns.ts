/** The columns of an input, for a person who is asked which of them make its queries. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { InputColumns } from '../../protocol/engine/data.ts';
import { specChangesOf, SPEC_FIELDS, type SpecChanges } from '../../protocol/spec-fields.ts';
import { UserError } from '../../protocol/user-error.ts';
import { previewData } from '../data/describe/preview-data.ts';
import { withDuckDB } from '../data/duckdb-session.ts';
import { readError } from '../data/read-error.ts';
import { sourceOf } from '../data/reading/source-of.ts';
import { inputSpec, type AskedInput } from './input-spec.ts';
import { likelyColumns } from './likely-columns.ts';

/** Enough for a look at the first rows of anything. */
const LOOK = { memoryLimit: 1024, threads: 2 };

/**
 * What the columns of an input are, whether predictions find all that they need among them, and which are likely otherwise.
 * @param trainedOn spec of the data that the model was trained on
 * @throws UserError where the input cannot be read
 */
export async function inputColumns(
  input: string,
  trainedOn: DatasetSpec,
  workspace: string,
): Promise<InputColumns> {
  const changes = { ...(await readingFor(input, trainedOn)), split: ['sequence'] };
  const { saved, guess, ...preview } = await previewData(input, workspace, changes);
  const found = saved === undefined ? guess : { spec: saved, reasons: {} };
  const told = saved === undefined ? {} : readingOf(saved);
  const names = preview.columns.map(({ name }) => name);
  return {
    ...preview,
    guess: likelyColumns(found, trainedOn, names),
    itemParts: trainedOn.item,
    told,
    matches: await isRead({ input, trainedOn, changes: told }),
  };
}

/** What was told of the reading of the data says something of an input that is written alike. */
async function readingFor(input: string, trainedOn: DatasetSpec): Promise<SpecChanges> {
  const { format } = await sourceOf(input, {});
  return format === trainedOn.format ? changesOf(trainedOn, ['reading']) : {};
}

function readingOf(saved: DatasetSpec): Told {
  return changesOf(saved, ['format', 'reading', ...(saved.timeFormat === undefined ? [] : ['timeFormat'])]);
}

type Told = InputColumns['told'];

/** Fields of a spec that belong to some of its parts. */
function changesOf(spec: DatasetSpec, parts: readonly string[]): Told {
  const wanted = new Set(SPEC_FIELDS.filter(({ of }) => parts.includes(of)).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(specChangesOf(spec)).flatMap(([name, words]) =>
      wanted.has(name) ? [[name, [...words]]] : [],
    ),
  );
}

/** Whether predictions take the columns as those of the data, with no more told. */
async function isRead(asked: AskedInput): Promise<boolean> {
  const scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-look-'));
  try {
    await withDuckDB(LOOK, (session) => inputSpec(session, asked, scratch));
    return true;
  } catch (error) {
    if (error instanceof UserError && error.remedy === 'columns') return false;
    throw readError(error, asked.input);
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}
