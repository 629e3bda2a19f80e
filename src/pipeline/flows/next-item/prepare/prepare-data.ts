import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { DataProfile } from '../../../../protocol/profile.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import type { DataSource } from '../../../data/data-source.ts';
import { settled } from '../../../data/settled.ts';
import { withDuckDB } from '../../../data/duckdb-session.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { writeNpy } from '../../../data/npy.ts';
import { PREPARED } from '../../../data/prepared-data.ts';
import type { Layout, PreparedArtifact } from '../../../data/prepared-data.ts';
import { readError } from '../../../data/read-error.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { yieldToEventLoop } from '../../../yield-to-event-loop.ts';
import { Announcement } from './announcement.ts';
import { checkSizes } from './check-sizes.ts';
import { codeGroups, codeItems } from './code-items.ts';
import type { CodedGroups, CodedItems } from './code-items.ts';
import { collectSequences, hashSequences, inOrderOfTime, splitSequences } from './code-sequences.ts';
import { boundariesOf, cutRows } from './cut-rows.ts';
import type { Cut } from './cut-rows.ts';
import { duplicateWarnings, findWarnings } from './data-warnings.ts';
import type { CodedSequences, Findings } from './findings.ts';
import { countLaterRows, countSharedUsers, nearCopiesIn } from './held-out.ts';
import { percentOf } from '../../../data/rows/percent.ts';
import { readCatalogue } from './read-catalogue.ts';
import { writeCatalogue } from './write-catalogue.ts';
import type { CatalogueCounts } from './write-catalogue.ts';
import { profileTables } from './profile-tables.ts';
import { SCRATCH_FILES } from '../../../data/rows/scratch-files.ts';
import { orderRows } from './order-rows.ts';
import type { OrderedRows } from './order-rows.ts';
import { createRowView } from '../../../data/rows/row-view.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import { offsetsOf, readLengths, readUsers } from './write-sequences.ts';
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
    ...(spec.reading === undefined ? {} : { reading: spec.reading }),
  };
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
    for (const file of Object.values(SCRATCH_FILES))
      await fs.rm(path.join(context.scratch, file), { force: true });
  }
}

async function prepareWith(session: DuckDBSession, context: StepContext, source: DataSource): Promise<void> {
  const { spec, data } = context.manifest;
  const write: Write = async (artifact, fill) => {
    await context.write(artifact, PREPARED[artifact], fill);
  };
  context.reporter.progress('reading rows', 0, 0, 'rows');
  const all = await createRowView(
    session,
    source,
    spec,
    context.scratch,
    data.path,
    percentOf(context.reporter, 'reading rows'),
  );
  const { view, cut } = await cutRows(
    session,
    { view: all, spec, seed: context.seed, place: data.path },
    percentOf(context.reporter, 'cutting rows'),
  );
  const listed = await readCatalogue(session, view, context);
  const items = await codeItems(session, view, listed, percentOf(context.reporter, 'counting items'));
  if (items.withRows < 2)
    throw new UserError(
      `${data.path} holds one item only.`,
      `Check the item columns: ${spec.item.join(', ')}.`,
      { remedy: 'columns' },
    );
  const catalogue = listed ? await writeCatalogue(session, items, write) : undefined;
  const profile = await session.withAnother((other) =>
    codeAll(session, other, { context, view, cut, items, catalogue, write }),
  );
  for (const [name, value] of Object.entries({
    rows: profile.rows,
    sequences: profile.sequences,
    items: profile.items,
  }))
    context.metric(name, value);
}

interface Job {
  readonly context: StepContext;
  readonly view: RowView;
  readonly cut: Cut | undefined;
  readonly items: CodedItems;
  readonly catalogue: CatalogueCounts | undefined;
  readonly write: Write;
}

/**
 * Codes groups, sequences and rows, and writes all artifacts. What is asked of the items and sequences alone has a
 * connection of its own, and fills the times in which the rows keep one core only busy.
 */
async function codeAll(session: DuckDBSession, other: DuckDBSession, job: Job): Promise<DataProfile> {
  const { context, view, items, catalogue, write } = job;
  const grouping = Promise.resolve(
    view.group === undefined ? undefined : codeGroups(other, view.group, items.count),
  );
  const joined = new Announcement<CodedSequences>();
  const coding = joined.failWith(codeRows(session, job, (sequences) => joined.make(sequences)));
  const describing = settled([joined.heard, grouping]).then(async ([sequences, groups]) => {
    const { spec } = context.manifest;
    const findings = { view, spec, ...sequences, items, catalogue, groups };
    const warnings = await findWarnings(other, findings);
    await writeSequenceTables(other, write, findings);
    context.reporter.progress('profiling', 0, 0, 'items');
    const sharedUsers = await countSharedUsers(other, view, spec);
    return { findings, warnings, sharedUsers, tables: await profileTables(other, findings) };
  });
  const writing = settled([coding, grouping]).then(([{ trainCounts, finish }, groups]) =>
    settled([writeItemTables(session, job, trainCounts, groups), finish()]),
  );
  const [{ findings, tables, warnings, sharedUsers }, [, { repeats, nearCopies }]] = await settled([
    describing,
    writing,
  ]);
  const heldOut = { ...findings.heldOut, sharedUsers, nearCopies };
  const profile = {
    ...{ ...tables, ...repeats, heldOut },
    warnings: [...warnings, ...duplicateWarnings(repeats)],
  };
  for (const warning of profile.warnings) context.reporter.warn(warning);
  await writeProfile(write, profile, findings);
  return profile;
}

/** From the source's rows to the sequences of item codes, split and in order. */
async function codeRows(
  session: DuckDBSession,
  { context, view, cut, items, write }: Job,
  onJoined: (sequences: CodedSequences) => void,
): Promise<OrderedRows> {
  const { spec, data } = context.manifest;
  const counting = percentOf(context.reporter, 'counting sequences');
  await collectSequences(session, view, spec, data.path, counting);
  await hashSequences(session, view, spec, context.seed);
  const { sizes, lookup } = await splitSequences(session, view, spec, context.seed);
  checkSizes(sizes, spec, data.path, cut);
  const lengths = await readLengths(session, sizes.total, sizes.kept);
  const heldOut = {
    boundaries: cut === undefined ? undefined : boundariesOf(cut, sizes),
    laterRows: await countLaterRows(session, view, spec, lookup),
  };
  const leaveOneOut = spec.split.by === 'leave-one-out';
  const pause = (): Promise<void> => yieldToEventLoop(context.signal);
  const ordered = await orderRows(session, {
    ...{ view, items, sequences: lookup, lengths, train: sizes.train, leaveOneOut, pause },
    memoryMegabytes: context.memoryLimit - PROCESS_MEGABYTES,
    reporter: context.reporter,
    write: (fill) => write('sequenceItems', fill),
    look: async (found) =>
      leaveOneOut
        ? undefined
        : await nearCopiesIn({
            ...found,
            ...{ lengths, sizes, itemCount: items.count, seed: context.seed, pause },
          }),
    onJoined: () => onJoined({ sizes, lengths, heldOut }),
  });
  await session.run(`DROP TABLE ${items.lookup.table}; DROP TABLE ${lookup.table}`);
  return ordered;
}

/** Writes what does not wait for the order of the rows. */
async function writeSequenceTables(
  session: DuckDBSession,
  write: Write,
  { view, spec, lengths, groups }: Findings,
): Promise<void> {
  await write('sequenceOffsets', (file) => writeNpy(file, offsetsOf(lengths)));
  await write('sequences', (file) => writeSequenceTable(session, view, file));
  if (spec.split.by === 'user') {
    const users = await readUsers(session, lengths.kept);
    await write('sequenceClusters', (file) => writeNpy(file, users));
  }
  if (groups !== undefined) await write('itemGroups', (file) => writeNpy(file, groups.codes));
}

type Write = (artifact: PreparedArtifact, fill: (file: string) => Promise<void>) => Promise<void>;

async function writeItemTables(
  session: DuckDBSession,
  { context, view, write }: Job,
  trainCounts: Uint32Array,
  groups: CodedGroups | undefined,
): Promise<void> {
  const onFraction = percentOf(context.reporter, 'writing tables');
  await settled([
    write('items', (file) => writeItems(session, view, trainCounts, groups?.codes, file, onFraction)),
    write('trainCounts', (file) => writeNpy(file, trainCounts)),
  ]);
}

async function writeProfile(write: Write, profile: DataProfile, findings: Findings): Promise<void> {
  await write('profile', (file) => fs.writeFile(file, `${JSON.stringify(profile, null, 2)}\n`));
  const { sizes, spec, items, groups } = findings;
  const layout: Layout = {
    itemCount: items.count,
    groupCount: groups?.count ?? 0,
    leaveOneOut: spec.split.by === 'leave-one-out',
    timeOrdered: inOrderOfTime(spec),
    validationNewer: sizes.validationNewer,
    train: sizes.train,
    validation: sizes.validation,
    test: sizes.test,
    warnings: profile.warnings,
  };
  await write('layout', (file) => fs.writeFile(file, `${JSON.stringify(layout, null, 2)}\n`));
}
