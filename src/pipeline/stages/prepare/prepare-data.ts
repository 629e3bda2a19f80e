import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { checkUnchanged } from '../../data/fingerprint-data.ts';
import { checkParquetFile } from '../../data/data-source.ts';
import type { DataSource } from '../../data/data-source.ts';
import { withDuckDB } from '../../data/duckdb-session.ts';
import type { DuckDBSession, OnFraction } from '../../data/duckdb-session.ts';
import { writeNpy } from '../../data/npy.ts';
import { PREPARED } from '../../data/prepared-data.ts';
import type { Layout, PreparedArtifact } from '../../data/prepared-data.ts';
import { readError } from '../../data/read-error.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { codeGroups, codeItems } from './code-items.ts';
import { collectSequences, minimumLength, splitSequences } from './code-sequences.ts';
import type { PartSizes } from './code-sequences.ts';
import { findItemWarnings, findRowWarnings } from './data-warnings.ts';
import { profileData } from './profile-data.ts';
import type { Findings } from './findings.ts';
import { createRowView } from './row-view.ts';
import { codedRowsSql, offsetsOf, readLengths, SequenceWriter } from './write-sequences.ts';
import { writeItems, writeSequenceTable } from './write-tables.ts';

/** Megabytes of the process that DuckDB does not count: Node itself, the library, the allocator's slack. */
const PROCESS_MEGABYTES = 220;
/** Share of the rest that DuckDB may use; it goes over its limit by some allocations it does not count. */
const DUCKDB_SHARE = 0.75;

/** The code of the prepare step; DuckDB comes with it, so only a process that prepares data loads it. */
export async function prepare(context: StepContext): Promise<void> {
  const { spec, data } = context.manifest;
  const source: DataSource = {
    format: spec.format,
    files: data.files.filter((file) => file.bytes > 0).map((file) => file.path),
  };
  await checkUnchanged(data);
  if (source.format === 'parquet') for (const file of source.files) await checkParquetFile(file);
  await fs.mkdir(context.scratch, { recursive: true });
  const memoryLimit = Math.max(200, (context.memoryLimit - PROCESS_MEGABYTES) * DUCKDB_SHARE);
  try {
    await withDuckDB(
      { memoryLimit, threads: context.threads, scratch: context.scratch, signal: context.signal },
      (session) => prepareWith(session, context, source),
    );
  } catch (error) {
    throw readError(error, data.path);
  } finally {
    await fs.rm(path.join(context.scratch, 'rows.parquet'), { force: true });
  }
}

async function prepareWith(session: DuckDBSession, context: StepContext, source: DataSource): Promise<void> {
  const { spec, data } = context.manifest;
  const stage =
    (name: string): OnFraction =>
    (fraction) =>
      context.reporter.progress(name, Math.round(fraction * 100), 100, '%');
  const write: Write = (artifact, fill) => context.write(artifact, PREPARED[artifact], fill);
  context.reporter.progress('reading rows', 0, 0, 'rows');
  const view = await createRowView(session, source, spec, context.scratch, data.path, stage('reading rows'));
  const items = await codeItems(session, view, stage('counting items'));
  if (items.count < 2)
    throw new UserError(
      `${data.path} holds one item only.`,
      `Check the item columns: ${spec.item.join(', ')}.`,
    );
  const groups = view.group === undefined ? undefined : await codeGroups(session, view.group, items.count);
  await collectSequences(session, view, stage('counting sequences'));
  const { sizes, lookup } = await splitSequences(session, view, spec, context.seed);
  checkSizes(sizes, spec, data.path);

  const lengths = await readLengths(session, sizes.total, sizes.kept);
  const writer = new SequenceWriter(lengths, items.count, sizes.train, spec.split.by === 'leave-one-out');
  const sql = codedRowsSql(view, items.lookup, lookup);
  const [counts, itemWarnings] = await session.both(
    writeCodedSequences(session, write, writer, sql, view.rows, context),
    (other) => findItemWarnings(other, view),
  );
  await session.run(`DROP TABLE ${items.lookup.table}; DROP TABLE ${lookup.table}`);
  const findings = {
    view,
    spec,
    sizes,
    lengths,
    counts,
    itemCount: items.count,
    groupCount: groups?.count ?? 0,
  };
  await writeTables(session, write, findings, groups?.codes, stage('writing tables'));
  await writeProfile(session, context, write, findings, itemWarnings);
}

type Write = (artifact: PreparedArtifact, fill: (file: string) => Promise<void>) => Promise<void>;

async function writeCodedSequences(
  session: DuckDBSession,
  write: Write,
  writer: SequenceWriter,
  sql: string,
  rows: number,
  { reporter }: StepContext,
): Promise<Findings['counts']> {
  let counts: Findings['counts'] | undefined;
  const ordering: OnFraction = (fraction) =>
    reporter.progress('ordering rows', Math.round(fraction * 100), 100, '%');
  await write('sequenceItems', async (file) => {
    counts = await writer.write(session, sql, file, ordering, (done) =>
      reporter.progress('writing sequences', done, rows, 'rows'),
    );
  });
  if (counts === undefined) throw new Error('the sequences were not written');
  return counts;
}

async function writeTables(
  session: DuckDBSession,
  write: Write,
  { view, lengths, counts }: Findings,
  groupCodes: Int32Array | undefined,
  onFraction: OnFraction,
): Promise<void> {
  await write('sequenceOffsets', (file) => writeNpy(file, offsetsOf(lengths)));
  await write('trainCounts', (file) => writeNpy(file, counts.trainCounts));
  await write('sequences', (file) => writeSequenceTable(session, view, file));
  if (groupCodes !== undefined) await write('itemGroups', (file) => writeNpy(file, groupCodes));
  await write('items', (file) => writeItems(session, view, counts.trainCounts, groupCodes, file, onFraction));
}

async function writeProfile(
  session: DuckDBSession,
  context: StepContext,
  write: Write,
  findings: Findings,
  itemWarnings: readonly string[],
): Promise<void> {
  context.reporter.progress('profiling', 0, 0, 'items');
  const warnings = [...itemWarnings, ...(await findRowWarnings(session, findings))];
  for (const warning of warnings) context.reporter.warn(warning);
  const profile = await profileData(session, findings, warnings);
  await write('profile', (file) => fs.writeFile(file, `${JSON.stringify(profile, null, 2)}\n`));
  const layout: Layout = {
    itemCount: findings.itemCount,
    groupCount: findings.groupCount,
    leaveOneOut: findings.spec.split.by === 'leave-one-out',
    timeOrdered: findings.spec.split.by === 'time',
    train: findings.sizes.train,
    validation: findings.sizes.validation,
    test: findings.sizes.test,
    warnings,
  };
  await write('layout', (file) => fs.writeFile(file, `${JSON.stringify(layout, null, 2)}\n`));
  for (const [name, value] of Object.entries({
    rows: profile.rows,
    sequences: profile.sequences,
    items: profile.items,
  }))
    context.metric(name, value);
}

/** @throws UserError when nothing is left to train on, to choose by, or to test */
function checkSizes(sizes: PartSizes, spec: DatasetSpec, place: string): void {
  const least = minimumLength(spec);
  if (sizes.longEnough === 0)
    throw new UserError(
      `All ${sizes.total} sequences of ${place} are shorter than ${least} items.`,
      `Lower the minimum length, or check the sequence columns ${spec.sequence.join(', ')}.`,
    );
  if (sizes.kept === 0)
    throw new UserError(
      `No sequence of ${place} is in the sample of ${spec.sample}.`,
      'Raise the sample share.',
    );
  for (const [part, share] of [
    ['train', spec.split.ratios[0]],
    ['validation', spec.split.ratios[1]],
    ['test', spec.split.ratios[2]],
  ] as const) {
    if (sizes[part] === 0 && (share > 0 || part !== 'validation')) {
      throw new UserError(
        `The split by ${spec.split.by} leaves no ${part} rows: ${sizes.kept} sequences are too few for shares of ${spec.split.ratios.join(', ')}.`,
        'Give more data, a larger sample, other shares, or split by leave-one-out.',
      );
    }
  }
}
