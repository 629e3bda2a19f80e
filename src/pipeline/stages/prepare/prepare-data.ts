import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { checkUnchanged } from '../../data/fingerprint-data.ts';
import { checkParquetFile } from '../../data/data-source.ts';
import type { DataSource } from '../../data/data-source.ts';
import { settled } from '../../data/settled.ts';
import { withDuckDB } from '../../data/duckdb-session.ts';
import type { DuckDBSession, OnFraction } from '../../data/duckdb-session.ts';
import { writeNpy } from '../../data/npy.ts';
import { PREPARED } from '../../data/prepared-data.ts';
import type { Layout, PreparedArtifact } from '../../data/prepared-data.ts';
import { readError } from '../../data/read-error.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { codeGroups, codeItems } from './code-items.ts';
import type { CodedItems } from './code-items.ts';
import { collectSequences, inOrderOfTime, minimumLength, splitSequences } from './code-sequences.ts';
import type { PartSizes } from './code-sequences.ts';
import { findItemWarnings, findRowWarnings } from './data-warnings.ts';
import { checkGivenParts, checkGivenSplit } from './given-split.ts';
import { profileData } from './profile-data.ts';
import type { Findings } from './findings.ts';
import { orderRows } from './order-rows.ts';
import type { OrderedRows } from './order-rows.ts';
import { createRowView } from './row-view.ts';
import type { RowView } from './row-view.ts';
import { offsetsOf, readLengths } from './write-sequences.ts';
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
  const found = await session.withAnother((other) =>
    codeAll(session, other, { context, view, items, write }),
  );
  await writeProfile(session, context, write, found.findings, found.itemWarnings);
}

interface Job {
  readonly context: StepContext;
  readonly view: RowView;
  readonly items: CodedItems;
  readonly write: Write;
}

/**
 * Codes groups, sequences and rows, and writes all but the profile. What is asked of the items alone has a connection
 * of its own, and fills the times in which the rows keep one core only busy.
 */
async function codeAll(
  session: DuckDBSession,
  other: DuckDBSession,
  job: Job,
): Promise<{ findings: Findings; itemWarnings: string[] }> {
  const { context, view, items, write } = job;
  let taken: () => void = () => undefined;
  const joined = new Promise<void>((resolve) => (taken = resolve));
  const grouping = view.group === undefined ? undefined : codeGroups(other, view.group, items.count);
  const coding = codeRows(session, job, taken).finally(taken);
  const warning = settled([joined, Promise.resolve(grouping)]).then(() => findItemWarnings(other, view));
  const writing = settled([coding, Promise.resolve(grouping)]).then(
    ([{ lengths, trainCounts, finish }, groups]) =>
      settled([
        writeTables(session, write, { view, lengths, trainCounts, groupCodes: groups?.codes }, (fraction) =>
          context.reporter.progress('writing tables', Math.round(fraction * 100), 100, '%'),
        ),
        finish(),
      ]),
  );
  const [{ sizes, lengths, trainCounts }, groups, itemWarnings, [, repeats]] = await settled([
    coding,
    Promise.resolve(grouping),
    warning,
    writing,
  ]);
  const findings = {
    view,
    spec: context.manifest.spec,
    sizes,
    lengths,
    counts: { trainCounts, ...repeats },
    itemCount: items.count,
    groupCount: groups?.count ?? 0,
  };
  return { findings, itemWarnings };
}

/** From the source's rows to the sequences of item codes, split and in order. */
async function codeRows(
  session: DuckDBSession,
  { context, view, items, write }: Job,
  onJoined: () => void,
): Promise<OrderedRows & Pick<Findings, 'sizes' | 'lengths'>> {
  const { spec, data } = context.manifest;
  await collectSequences(session, view, (fraction) =>
    context.reporter.progress('counting sequences', Math.round(fraction * 100), 100, '%'),
  );
  await checkGivenSplit(session, view, data.path);
  const { sizes, lookup } = await splitSequences(session, view, spec, context.seed);
  checkSizes(sizes, spec, data.path);
  const lengths = await readLengths(session, sizes.total, sizes.kept);
  const ordered = await orderRows(session, {
    view,
    items,
    sequences: lookup,
    lengths,
    train: sizes.train,
    leaveOneOut: spec.split.by === 'leave-one-out',
    memoryMegabytes: context.memoryLimit - PROCESS_MEGABYTES,
    reporter: context.reporter,
    write: (fill) => write('sequenceItems', fill),
    onJoined,
  });
  await session.run(`DROP TABLE ${items.lookup.table}; DROP TABLE ${lookup.table}`);
  return { sizes, lengths, ...ordered };
}

type Write = (artifact: PreparedArtifact, fill: (file: string) => Promise<void>) => Promise<void>;

interface Tables extends Pick<Findings, 'view' | 'lengths'> {
  readonly trainCounts: Uint32Array;
  readonly groupCodes: Int32Array | undefined;
}

async function writeTables(
  session: DuckDBSession,
  write: Write,
  { view, lengths, trainCounts, groupCodes }: Tables,
  onFraction: OnFraction,
): Promise<void> {
  // The longest first: the others, and what counts meanwhile, fit beside it.
  await write('items', (file) => writeItems(session, view, trainCounts, groupCodes, file, onFraction));
  await write('sequenceOffsets', (file) => writeNpy(file, offsetsOf(lengths)));
  await write('trainCounts', (file) => writeNpy(file, trainCounts));
  await write('sequences', (file) => writeSequenceTable(session, view, file));
  if (groupCodes !== undefined) await write('itemGroups', (file) => writeNpy(file, groupCodes));
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
    timeOrdered: inOrderOfTime(findings.spec),
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
  if (spec.split.by === 'column') return checkGivenParts(sizes, spec, place);
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
