import * as path from 'node:path';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import { newerSuccessful } from '../query/choose-model.ts';
import type { ServedSource, ServedVersion } from '../serving/model-slot.ts';
import type { RunningServer } from '../serving/running-server.ts';
import type { ServingRequest } from '../serving/serving-request.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { plainText } from '../terminal/format.ts';
import { askedPackage, sourceText, type AskedPackage } from './asked-model.ts';

/** Between two looks for a newer run. */
const WATCH_MS = 2000;

/** A line a start, stop, swap or error; nothing of what was asked. */
export function logLine(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${plainText(line)}\n`);
}

export function sourceOf({ folder, run, everything }: AskedPackage): ServedSource {
  return {
    folder: path.resolve(folder),
    ...(run === undefined ? {} : { run: run.id }),
    ...(everything === undefined ? {} : { everything }),
  };
}

/** Whose model answers, in words. */
export function whose({ source, model }: ServedVersion): string {
  const { run, folder, everything } = source;
  return `${model.facts.name} ${sourceText({ run, package: folder, everything })}`;
}

/** What is served, and how another run comes in its place. */
export class ServedRun {
  readonly #server: RunningServer;
  readonly #store: RunStore;
  readonly #asked: Record<string, unknown>;
  #run: RunFolder | undefined;
  /** A run whose model could not be taken; it is not tried again. */
  #refused: string | undefined;

  constructor(server: RunningServer, store: RunStore, asked: Record<string, unknown>, { run }: AskedPackage) {
    this.#server = server;
    this.#store = store;
    this.#asked = asked;
    this.#run = run;
  }

  /** SIGHUP, where there is such a signal: what was asked for is looked for anew. */
  onHangUp(): { dispose(): void } {
    const heard = (): void => void this.#swap(this.#asked).catch(() => undefined);
    process.on('SIGHUP', heard);
    return { dispose: () => process.off('SIGHUP', heard) };
  }

  watchForNewer(): { dispose(): void } {
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      void this.#takeNewer().finally(() => (isBusy = false));
    }, WATCH_MS);
    return { dispose: () => clearInterval(timer) };
  }

  /** @param stop ends the server */
  answer(request: ServingRequest, stop: () => void): void {
    if (request.ask === 'stop') return stop();
    const { run, model, everything = false } = request;
    const { store } = this.#asked;
    this.#swap({ store, run, model, everything })
      .then(
        () => this.#server.reply(request.request),
        (error: unknown) => this.#server.reply(request.request, error),
      )
      .catch((error: unknown) => logLine(`the store cannot be written: ${messageOf(error)}`));
  }

  async #takeNewer(): Promise<void> {
    try {
      const newer = this.#run === undefined ? undefined : newerSuccessful(this.#store, this.#run);
      if (newer === undefined || newer.id === this.#refused) return;
      this.#refused = newer.id;
      await this.#swap({ ...this.#asked, run: newer.id });
    } catch {
      // It was told, and the model before goes on answering.
    }
  }

  /** @throws UserError where the model cannot be taken: the one before goes on answering */
  async #swap(asked: Record<string, unknown>): Promise<void> {
    try {
      const found = await askedPackage(asked);
      const served = await this.#server.swap(sourceOf(found));
      this.#run = found.run;
      logLine(`swapped: ${whose(served)} answers as version ${served.version}`);
    } catch (error) {
      const hint = error instanceof UserError ? ` ${error.hint}` : '';
      logLine(`not swapped, ${whose(this.#server.current)} goes on: ${messageOf(error)}${hint}`);
      throw error;
    }
  }
}
