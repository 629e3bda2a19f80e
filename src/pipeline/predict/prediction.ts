/** From rows to ranked queries: what is read, ranked and written of one input. */
import * as path from 'node:path';
import { textsOf } from '../data/duckdb-chunk.ts';
import { withDuckDB, type DuckDBSession } from '../data/duckdb-session.ts';
import { readError } from '../data/read-error.ts';
import type { MissingRows } from '../data/rows/missing-rows.ts';
import { percentOf } from '../data/rows/percent.ts';
import { createRowView } from '../data/rows/row-view.ts';
import { cannotWrite } from '../exporters/output-checks.ts';
import { ItemNames } from '../model/item-names.ts';
import type { ModelFile } from '../model/model-file.ts';
import { itemsFileIn } from '../model/open-model.ts';
import { packageBytes } from '../model/package-bytes.ts';
import type { Reporter } from '../reporter.ts';
import { isDiskFull } from '../store/store-error.ts';
import { inputSpec, type AskedInput } from './input-spec.ts';
import { LineFile } from './line-file.ts';
import { memoryPlan } from './memory-plan.ts';
import { numberRows } from './numbered-rows.ts';
import type { OutputFormat } from './output-format.ts';
import { PredictionLines, type Answered, type RankedQueries } from './prediction-lines.ts';
import { queryBatches } from './query-batches.ts';
import { keysSql, queryRows, type QueryRows } from './query-rows.ts';
import { rankHere, type AskedLists, type RankQueries } from './rank-lists.ts';
import { answerNames, convertLines } from './write-output.ts';

export interface PredictRequest extends AskedInput {
  /** Folder of the package. */
  readonly packageFolder: string;
  readonly output: string;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
  readonly k: number;
  /** Whether items of a query may be recommended. */
  readonly keepSeen: boolean;
  readonly threads: number;
  /** MiB that the process may take. */
  readonly memoryLimit: number;
}

export interface PredictPorts {
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Who ranks; default: threads of this process. */
  readonly rank?: RankQueries | undefined;
}

export interface Predictions extends Answered {
  readonly file: string;
  readonly model: ModelFile;
  readonly queries: number;
  readonly rows: number;
  readonly unknownRows: number;
  readonly unknownNames: readonly string[];
  /** Rows that were left out. */
  readonly missing: MissingRows;
  /** Rows that hold no item, where each row is a query. */
  readonly emptyQueries: number;
  readonly threads: number;
  /** Why columns were taken, where they were guessed. */
  readonly reasons: readonly string[];
}

interface Places {
  readonly format: OutputFormat;
  readonly model: ModelFile;
  /** Folder for what is in the making. */
  readonly scratch: string;
  readonly temporary: string;
  readonly file: string;
}

export class Prediction {
  private readonly request: PredictRequest;
  private readonly ports: PredictPorts;
  private readonly places: Places;

  constructor(request: PredictRequest, ports: PredictPorts, places: Places) {
    this.request = request;
    this.ports = ports;
    this.places = places;
  }

  async run(): Promise<Predictions> {
    const { request, ports, places } = this;
    const plan = memoryPlan(request.memoryLimit, request.threads, packageBytes(places.model));
    const { signal } = ports;
    const duckdb = { memoryLimit: plan.duckdb, threads: request.threads, scratch: places.scratch, signal };
    return await withDuckDB(duckdb, async (session) => {
      const read = await this.read(session);
      const answered = await this.ranked(session, read.rows, plan.threads);
      return {
        ...{ file: places.file, model: places.model, threads: plan.threads },
        ...answered,
        ...{ queries: read.rows.queries, rows: read.rows.rows, missing: read.missing },
        ...{ unknownRows: read.rows.unknownRows, unknownNames: read.rows.unknownNames },
        ...{ emptyQueries: read.emptyQueries, reasons: read.reasons },
      };
    });
  }

  private async read(session: DuckDBSession): Promise<{
    readonly rows: QueryRows;
    readonly missing: MissingRows;
    readonly emptyQueries: number;
    readonly reasons: readonly string[];
  }> {
    const { request, places, ports } = this;
    const { input, packageFolder } = request;
    const { scratch, model } = places;
    const stage = (name: string): ReturnType<typeof percentOf> => percentOf(ports.reporter, name);
    ports.reporter.progress('reading rows', 0, 0, 'rows');
    try {
      const found = await inputSpec(session, request, scratch);
      const numbered = found.rowIsQuery
        ? await numberRows(session, found, scratch, stage('reading rows'))
        : undefined;
      const { source, spec } = numbered ?? found;
      const view = await createRowView(session, source, spec, scratch, input, stage('reading rows'));
      const items = itemsFileIn(packageFolder, model);
      const rows = await queryRows(session, view, items, input, stage('counting queries'));
      return {
        ...{ rows, missing: view.missing, reasons: found.reasons },
        emptyQueries: numbered === undefined ? 0 : numbered.rows - rows.queries,
      };
    } catch (error) {
      throw readError(error, input);
    }
  }

  private async ranked(session: DuckDBSession, rows: QueryRows, threads: number): Promise<Answered> {
    const { request, places } = this;
    try {
      return await this.rank(session, rows, threads);
    } catch (error) {
      throw isDiskFull(error) ? cannotWrite(places.file, error) : readError(error, request.input);
    }
  }

  private async rank(session: DuckDBSession, rows: QueryRows, count: number): Promise<Answered> {
    const { request, ports, places } = this;
    const { packageFolder, keepSeen } = request;
    const { format, scratch, temporary, model } = places;
    const names = await ItemNames.read(itemsFileIn(packageFolder, model));
    const ordering = percentOf(ports.reporter, 'ordering rows');
    const asked: AskedLists = {
      ...{ folder: packageFolder, signal: ports.signal, names, queries: rows.queries, scratch },
      ...{ k: Math.min(request.k, names.count), seen: keepSeen ? 'kept' : 'removed' },
      batches: () => queryBatches(session.chunks(rows.codesSql, ordering)),
    };
    const lines = format === 'ndjson' ? temporary : path.join(scratch, 'lines.ndjson');
    const columns = answerNames(rows.keys, format);
    const { rank = (of: AskedLists): ReturnType<RankQueries> => rankHere(of, count) } = ports;
    const written = new PredictionLines(names, columns);
    await session.withAnother((other) =>
      LineFile.write(lines, (file) =>
        this.writeLines(file, written, rank(asked), textsIn(other, keysSql(rows.keys, format)), rows.queries),
      ),
    );
    if (format !== 'ndjson')
      await convertLines(
        session,
        format,
        { lines, output: temporary, keys: rows.keys, names: columns },
        percentOf(ports.reporter, `writing ${format}`),
      );
    return written.answered;
  }

  private async writeLines(
    file: LineFile,
    written: PredictionLines,
    ranked: AsyncIterable<RankedQueries>,
    keys: AsyncGenerator<string, void, void>,
    total: number,
  ): Promise<void> {
    const { reporter, signal } = this.ports;
    let done = 0;
    try {
      for await (const queries of ranked) {
        for (let at = 0; at < queries.batch.count; at++)
          await file.add(written.line(queries, at, await nextOf(keys)));
        reporter.progress('ranking', (done += queries.batch.count), total, 'queries');
        signal.throwIfAborted();
      }
    } finally {
      await keys.return();
    }
    if (done !== total) throw new Error(`${done} of ${total} queries were ranked`);
  }
}

async function* textsIn(session: DuckDBSession, sql: string): AsyncGenerator<string, void, void> {
  for await (const chunk of session.chunks(sql)) yield* textsOf(chunk, 0);
}

async function nextOf(texts: AsyncGenerator<string, void, void>): Promise<string> {
  const next = await texts.next();
  if (next.done === true) throw new Error('a query has no key');
  return next.value;
}
