import type { FastifyInstance } from 'fastify';
import * as os from 'node:os';
import type { EndpointModel } from '../../protocol/endpoint.ts';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import { ownIdentity } from '../store/process-identity.ts';
import { codeOf } from '../store/store-error.ts';
import { makeServer } from './make-server.ts';
import { ServerMetrics } from './metrics.ts';
import { ModelSlot, type ServedSource, type ServedVersion } from './model-slot.ts';
import type { ServerOptions } from './server-options.ts';
import { removeRecord, sweepRecords, writeRecord, type ServingRecord } from './serving-record.ts';

export interface ServeOptions extends Omit<ServerOptions, 'slot' | 'metrics' | 'name'> {
  readonly source: ServedSource;
  /** Absent: the model's, as far as it can stand in a path. */
  readonly name?: string | undefined;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly threads: number;
  /** Where the server can be found by others; absent: nowhere. */
  readonly record?: { readonly store: string; readonly id: string; readonly watches: boolean };
  readonly signal: AbortSignal;
}

/** What is in flight when the server is told to stop may take this long. */
const GRACE_MS = 8000;
/** Between two looks for connections that have nothing in flight any more. */
const IDLE_MS = 50;

/** A server that listens. */
export class RunningServer {
  readonly #options: ServeOptions;
  readonly #server: FastifyInstance;
  readonly #slot: ModelSlot;
  readonly #metrics: ServerMetrics;
  readonly #started = new Date();
  readonly name: string;
  readonly url: string;
  #replied: ServingRecord['replied'];
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(
    options: ServeOptions,
    parts: { server: FastifyInstance; slot: ModelSlot; metrics: ServerMetrics; name: string; url: string },
  ) {
    this.#options = options;
    this.#server = parts.server;
    this.#slot = parts.slot;
    this.#metrics = parts.metrics;
    this.name = parts.name;
    this.url = parts.url;
  }

  /** @throws UserError where the model cannot be opened, or the port is not to be had */
  static async start(options: ServeOptions): Promise<RunningServer> {
    const { source, host, port, threads, log, signal, record } = options;
    if (record !== undefined) await sweepRecords(record.store);
    const slot = await ModelSlot.open(source, { threads, log }, signal);
    try {
      const name = options.name ?? nameFor(slot.current.model.facts.name);
      const metrics = new ServerMetrics(slot);
      const server = makeServer({ ...options, name, slot, metrics });
      await listen(server, host, port);
      const running = new RunningServer(options, {
        ...{ server, slot, metrics, name },
        url: urlOf(server, host),
      });
      await running.#record();
      return running;
    } catch (error) {
      await slot.close();
      throw error;
    }
  }

  get current(): ServedVersion {
    return this.#slot.current;
  }

  /** @throws UserError where the model cannot be opened: the one before goes on answering */
  async swap(source: ServedSource): Promise<ServedVersion> {
    const served = await this.#slot.swap(source);
    this.#metrics.swapped();
    await this.#record();
    return served;
  }

  /** Tells whoever asked by a file what became of it. */
  async reply(request: string, failure?: unknown): Promise<void> {
    const hint = failure instanceof UserError ? { hint: failure.hint } : {};
    this.#replied = { request, ...(failure === undefined ? {} : { failure: messageOf(failure), ...hint }) };
    await this.#record();
  }

  /** Takes no more requests, answers those that are there, and ends. Resolves within a bound. */
  async close(): Promise<void> {
    this.#closed = true;
    const { record } = this.#options;
    const late = setTimeout(() => this.#server.server.closeAllConnections(), GRACE_MS);
    // A request that was begun before is answered with a connection that is kept, which would hold up the end.
    const idle = setInterval(() => this.#server.server.closeIdleConnections(), IDLE_MS);
    try {
      await this.#writing;
      if (record !== undefined) await removeRecord(record.store, record.id);
      await this.#server.close();
      await this.#slot.close();
    } finally {
      clearTimeout(late);
      clearInterval(idle);
    }
  }

  /** Records are written one after the other. */
  #record(): Promise<void> {
    const { record } = this.#options;
    if (record === undefined) return Promise.resolve();
    const written = this.#writing.then(async () => {
      if (!this.#closed) await writeRecord(record.store, this.#recordOf(record));
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }

  #recordOf({ id, watches }: NonNullable<ServeOptions['record']>): ServingRecord {
    const { token, maxK } = this.#options;
    const { version, since } = this.current;
    return {
      ...{ format: 1, id, process: ownIdentity(), name: this.name, url: this.url, maxK, watches },
      ...{ protected: token !== undefined, started: this.#started.toISOString() },
      ...{ version, since: since.toISOString(), answering: answeringOf(this.current) },
      ...(this.#replied === undefined ? {} : { replied: this.#replied }),
    };
  }
}

/** A version as people are told of it. */
export function answeringOf({ source, model }: ServedVersion): EndpointModel {
  const { name, kind } = model.facts;
  const { run, everything, folder } = source;
  return {
    ...{ model: name, kind },
    ...(run === undefined ? { package: folder } : { run }),
    ...(everything === undefined ? {} : { everything }),
  };
}

const MOST_LETTERS = 64;

/** A model's name as far as it can stand in a path. */
function nameFor(model: string): string {
  const name = model.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'model' : name.slice(0, MOST_LETTERS);
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw listenError(error, host, port);
  }
}

function listenError(error: unknown, host: string, port: number): UserError {
  const code = codeOf(error);
  if (code === 'EADDRINUSE')
    return new UserError(
      `Port ${port} of ${host} is taken by another program.`,
      'Name another one with --port; --port 0 takes any that is free.',
      { cause: error },
    );
  if (code === 'EACCES')
    return new UserError(`This user may not listen on port ${port}.`, 'Name a port above 1023 with --port.', {
      cause: error,
    });
  return new UserError(
    `The server cannot listen on ${host}, port ${port}: ${messageOf(error)}.`,
    `Name an address of this machine with --host: ${addresses().join(', ')}.`,
    { cause: error },
  );
}

function addresses(): string[] {
  const all = Object.values(os.networkInterfaces()).flatMap((found) => found ?? []);
  return [...new Set(all.map(({ address }) => address))].slice(0, 6);
}

/** Where the server can be asked from this machine. */
function urlOf(server: FastifyInstance, host: string): string {
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? '127.0.0.1' : host;
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`;
}
