import {
  ARRAY,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBScalarFunction,
  FLOAT,
  INTEGER,
} from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { integersOf, setIntegers, setMatrixRows } from './duckdb-chunk.ts';
import { shapeOfType } from './value-shape.ts';
import type { Shape } from './value-shape.ts';

export interface DuckDBOptions {
  /** Megabytes for DuckDB's own buffers; the process needs some more around them. */
  readonly memoryLimit: number;
  readonly threads: number;
  /** Folder to spill into; without one nothing is spilled. */
  readonly scratch?: string;
  /** Aborting it interrupts what runs and refuses what follows. */
  readonly signal?: AbortSignal;
}

/** Rows of numbers, one after the other. */
export interface FloatMatrix {
  readonly values: Float32Array;
  readonly dimension: number;
  /** Told how many rows were asked for. */
  readonly onRows?: ((done: number) => void) | undefined;
}

/** Told, several times a second, how much of the running statement is done, from 0 to 1. */
export type OnFraction = (fraction: number) => void;

/** Rows of a full DuckDB chunk. */
const VECTOR_SIZE = 2048;
/** Chunks handed over before others may go on: some milliseconds of work. */
const CHUNKS_A_STRETCH = 64;
const INTERRUPT_EVERY_MS = 50;
const PROGRESS_EVERY_MS = 250;

/**
 * One in-memory DuckDB database with one connection, which spills to `scratch` and never touches the network.
 * Use `withDuckDB`, which closes it whatever happens.
 */
export class DuckDBSession {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal | undefined;
  #interrupting: NodeJS.Timeout | undefined;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, signal: AbortSignal | undefined) {
    this.#instance = instance;
    this.#connection = connection;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** Aborting it interrupts what runs; for what is done beside the database. */
  get signal(): AbortSignal | undefined {
    return this.#signal;
  }

  /** Runs a statement for its effect. */
  async run(sql: string, onFraction?: OnFraction): Promise<void> {
    await this.#guarded(async () => {
      await this.#connection.run(sql);
    }, onFraction);
  }

  /** All rows of a small result, each checked. Counts should be cast to DOUBLE, since BIGINT arrives as bigint. */
  async rows<T>(sql: string, schema: z.ZodMiniType<T>, onFraction?: OnFraction): Promise<T[]> {
    return await this.#guarded(async () => {
      const reader = await this.#connection.runAndReadAll(sql);
      return reader.getRowObjectsJS().map((row) => schema.parse(row));
    }, onFraction);
  }

  /** The columns of a result of texts: for many rows quicker than an object a row. */
  async texts(sql: string): Promise<(string | null)[][]> {
    return await this.#guarded(async () => {
      const reader = await this.#connection.runAndReadAll(sql);
      return z.array(z.array(z.nullable(z.string()))).parse(reader.getColumnsJS());
    });
  }

  /** Names and shapes of a query's columns; nothing of it is run beyond what finds these out. */
  async columns(sql: string): Promise<{ name: string; shape: Shape }[]> {
    return await this.#guarded(async () => {
      const result = await this.#connection.run(`SELECT * FROM (${sql}) LIMIT 0`);
      return result.columnNames().map((name, at) => ({ name, shape: shapeOfType(result.columnType(at)) }));
    });
  }

  /** The one row of a result that has exactly one. */
  async row<T>(sql: string, schema: z.ZodMiniType<T>, onFraction?: OnFraction): Promise<T> {
    const [row] = await this.rows(sql, schema, onFraction);
    if (row === undefined) throw new Error(`no row from: ${sql}`);
    return row;
  }

  /**
   * Hands each chunk of a result to `take` as it is made, up to 2,048 rows at a time and never all at once.
   * `onFraction` hears of the work before the first chunk (a sort, say); what comes after, `take` sees itself.
   */
  async stream(
    sql: string,
    take: (chunk: DuckDBDataChunk) => Promise<void> | void,
    onFraction?: OnFraction,
  ): Promise<void> {
    for await (const chunk of this.chunks(sql, onFraction)) await take(chunk);
  }

  /** The same for whoever asks for chunks by turns; one is good until the next is asked for. */
  async *chunks(sql: string, onFraction?: OnFraction): AsyncGenerator<DuckDBDataChunk, void, void> {
    const result = await this.#guarded(() => this.#connection.stream(sql), onFraction);
    const fetch = (): Promise<DuckDBDataChunk | null> => {
      const chunk = this.#guarded(() => result.fetchChunk());
      // It may fail while the one before is being taken; whoever awaits it hears of that.
      chunk.catch(() => undefined);
      return chunk;
    };
    // The next chunk is made on another thread while this one is taken.
    let next = fetch();
    try {
      for (;;) {
        const chunk = await next;
        if (chunk === null || chunk.rowCount === 0) {
          // A result that is interrupted may just end.
          this.#signal?.throwIfAborted();
          return;
        }
        next = fetch();
        yield chunk;
      }
    } finally {
      await next.catch(() => undefined);
    }
  }

  /**
   * Makes a whole result first, in memory and beside DuckDB's limit, and then hands its chunks to `take` without a hop
   * to another thread for each: for when the chunks are many and other statements keep all cores busy.
   * @param pause lets others go on, between stretches of chunks
   */
  async collect(
    sql: string,
    take: (chunk: DuckDBDataChunk) => void,
    pause: () => Promise<void>,
    onFraction?: OnFraction,
  ): Promise<void> {
    const result = await this.#guarded(() => this.#connection.run(sql), onFraction);
    const chunks = result.chunkCount;
    for (let index = 0; index < chunks; index++) {
      if (index % CHUNKS_A_STRETCH === 0) await pause();
      take(result.getChunk(index));
    }
  }

  /** Makes a table of INTEGER columns, named in order, from typed arrays of equal length. */
  async createIntegerTable(table: string, columns: Readonly<Record<string, Int32Array>>): Promise<void> {
    const names = Object.keys(columns);
    const arrays = Object.values(columns);
    await this.run(`CREATE TABLE ${table} (${names.map((name) => `${name} INTEGER`).join(', ')})`);
    const appender = await this.#connection.createAppender(table);
    const length = arrays[0]?.length ?? 0;
    for (let from = 0; from < length; from += VECTOR_SIZE) {
      this.#signal?.throwIfAborted();
      appender.appendDataChunk(chunkOf(arrays.map((array) => array.subarray(from, from + VECTOR_SIZE))));
    }
    appender.closeSync();
  }

  /**
   * Makes the SQL function `name(row INTEGER)`, which gives a row of a matrix as FLOAT[dimension]. Rows are copied as they are asked
   * for, so that a matrix is written without being held by the database too.
   */
  createRowFunction(name: string, { values, dimension, onRows }: FloatMatrix): void {
    let done = 0;
    const rows = DuckDBScalarFunction.create({
      name,
      parameterTypes: [INTEGER],
      returnType: ARRAY(FLOAT, dimension),
      mainFunction: (_, asked, out) => {
        setMatrixRows(out, values, dimension, integersOf(asked, 0));
        onRows?.((done += asked.rowCount));
      },
    });
    this.#connection.registerScalarFunction(rows);
  }

  /** Opens a second connection to this database, hands it to `use`, and closes it; see `settled` for what runs at once. */
  async withAnother<T>(use: (session: DuckDBSession) => Promise<T>): Promise<T> {
    const other = new DuckDBSession(this.#instance, await this.#instance.connect(), this.#signal);
    try {
      return await use(other);
    } finally {
      other.#disconnect();
    }
  }

  close(): void {
    this.#disconnect();
    this.#instance.closeSync();
  }

  #disconnect(): void {
    this.#signal?.removeEventListener('abort', this.#interrupt);
    clearInterval(this.#interrupting);
    this.#connection.closeSync();
  }

  /** An interrupt that arrives between two statements is lost, so it is repeated until the session is closed. */
  readonly #interrupt = (): void => {
    this.#connection.interrupt();
    this.#interrupting = setInterval(() => this.#connection.interrupt(), INTERRUPT_EVERY_MS);
  };

  async #guarded<T>(work: () => Promise<T>, onFraction?: OnFraction): Promise<T> {
    this.#signal?.throwIfAborted();
    const timer = onFraction && setInterval(() => this.#reportFraction(onFraction), PROGRESS_EVERY_MS);
    try {
      return await work();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  #reportFraction(onFraction: OnFraction): void {
    const { percentage } = this.#connection.progress;
    if (percentage >= 0) onFraction(Math.min(1, percentage / 100));
  }
}

/** A chunk of INTEGER columns without nulls. */
function chunkOf(columns: readonly Int32Array[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    columns.map(() => INTEGER),
    columns[0]?.length ?? 0,
  );
  for (const [c, column] of columns.entries()) setIntegers(chunk, c, column);
  return chunk;
}

/** Opens a session, hands it to `use`, and closes it whatever happens. */
export async function withDuckDB<T>(
  options: DuckDBOptions,
  use: (session: DuckDBSession) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const instance = await DuckDBInstance.create(':memory:', settingsOf(options));
  const session = new DuckDBSession(instance, await instance.connect(), options.signal);
  try {
    await session.run(
      `SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0; SET TimeZone = 'UTC'; SET streaming_buffer_size = '${streamMegabytes(options)}MiB'`,
    );
    return await use(session);
  } finally {
    session.close();
  }
}

/** How far a streamed result may be made ahead of who takes it; with much room, all threads find work. */
function streamMegabytes({ memoryLimit }: DuckDBOptions): number {
  return Math.max(1, Math.min(64, Math.floor(memoryLimit / 32)));
}

function settingsOf(options: DuckDBOptions): Record<string, string> {
  return {
    threads: String(Math.max(1, options.threads)),
    memory_limit: `${Math.max(64, Math.floor(options.memoryLimit))}MiB`,
    temp_directory: options.scratch === undefined ? '' : path.join(options.scratch, 'duckdb-spill'),
    // Nothing is fetched at run time: what we use is linked into the binary.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
}
