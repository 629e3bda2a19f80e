import { messageOf } from '../../protocol/user-error.ts';
import { ServedModel } from './served-model.ts';
import type { ServedAnswer, ServedQuery } from './served-query.ts';

/** Which package is served, and how that is said. */
export interface ServedSource {
  readonly folder: string;
  /** Absent: a package by itself. */
  readonly run?: string;
  /** It is the run's model that was trained on all rows. */
  readonly everything?: true;
}

/** A package that answers, with the number by which clients tell it from those before it. */
export interface ServedVersion {
  readonly version: number;
  readonly since: Date;
  readonly source: ServedSource;
  readonly model: ServedModel;
}

export interface SlotOptions {
  readonly threads: number;
  readonly log: (line: string) => void;
}

export interface VersionedAnswers {
  readonly served: ServedVersion;
  readonly answers: readonly ServedAnswer[];
}

/** The model that answers now, which another takes the place of without a request being lost. */
export class ModelSlot {
  readonly #options: SlotOptions;
  readonly #stop = new AbortController();
  readonly #retiring = new Set<Promise<void>>();
  #current: ServedVersion;
  #swapping: Promise<unknown> = Promise.resolve();

  private constructor(options: SlotOptions, current: ServedVersion) {
    this.#options = options;
    this.#current = current;
  }

  /** @throws UserError where the package cannot be opened */
  static async open(source: ServedSource, options: SlotOptions, signal: AbortSignal): Promise<ModelSlot> {
    const model = await ServedModel.open({ folder: source.folder, ...options, signal });
    return new ModelSlot(options, { version: 1, since: new Date(), source, model });
  }

  get current(): ServedVersion {
    return this.#current;
  }

  /** All queries of a request are answered by one version. */
  async answer(queries: readonly ServedQuery[], isGone: () => boolean): Promise<VersionedAnswers> {
    const served = this.#current;
    return { served, answers: await served.model.answer(queries, isGone) };
  }

  /**
   * Opens another package beside the one that answers, and has it answer from then on; the other one ends when it has
   * answered what it was asked. Swaps happen one after the other.
   * @throws UserError where it cannot be opened: the one before goes on answering
   */
  swap(source: ServedSource): Promise<ServedVersion> {
    const swapped = this.#swapping.then(() => this.#swap(source));
    this.#swapping = swapped.catch(() => undefined);
    return swapped;
  }

  async #swap(source: ServedSource): Promise<ServedVersion> {
    const { signal } = this.#stop;
    const model = await ServedModel.open({ folder: source.folder, ...this.#options, signal });
    const before = this.#current;
    this.#current = { version: before.version + 1, since: new Date(), source, model };
    const retired = before.model.retire().catch((error: unknown) => {
      this.#options.log(`the model before did not end: ${messageOf(error)}`);
    });
    this.#retiring.add(retired);
    void retired.then(() => this.#retiring.delete(retired));
    return this.#current;
  }

  /** Ends when all that was asked is answered. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#swapping;
    await Promise.all([this.#current.model.retire(), ...this.#retiring]);
  }
}
