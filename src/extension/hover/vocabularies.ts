import type * as vscode from 'vscode';
import { WordFilter } from '../../protocol/word-filter.ts';
import type { Answering } from '../answering/answering-models.ts';
import { inParts } from '../processes/in-parts.ts';
import type { Stores } from '../runs/stores.ts';
import type { HoverTrouble } from './hover-trouble.ts';
import type { KnownWords } from './pointed-words.ts';

export interface KnownVocabulary extends KnownWords {
  readonly items: number;
}

interface Entry {
  readonly loading: Promise<KnownVocabulary | undefined>;
  known: KnownVocabulary | undefined;
  failed: boolean;
}

const KEPT = 4;
/** After this, what could not be told is asked again. */
const RETRY_MS = 20_000;

/** What the window knows of the items of the models that answered last: fetched once each. */
export class Vocabularies implements vscode.Disposable {
  readonly #stores: Stores;
  readonly #trouble: HoverTrouble;
  readonly #entries = new Map<string, Entry>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(stores: Stores, trouble: HoverTrouble) {
    this.#stores = stores;
    this.#trouble = trouble;
  }

  /** What is known already, at once. */
  known(answering: Answering): KnownVocabulary | undefined {
    return this.#entry(answering).known;
  }

  /** Waits for it. @returns undefined where the engine cannot tell */
  ready(answering: Answering): Promise<KnownVocabulary | undefined> {
    return this.#entry(answering).loading;
  }

  /** The engine answered for other items than were known: they are asked for again. */
  forget(answering: Answering): void {
    this.#entries.delete(keyOf(answering));
  }

  /** Asks again, with the next question, for what could not be told. */
  retry(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const [key, { failed }] of this.#entries) if (failed) this.#entries.delete(key);
  }

  #entry(answering: Answering): Entry {
    const key = keyOf(answering);
    const entry = this.#entries.get(key) ?? this.#begin(key, answering);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const old of [...this.#entries.keys()].slice(0, -KEPT)) this.#entries.delete(old);
    return entry;
  }

  #begin(key: string, answering: Answering): Entry {
    const entry: Entry = { known: undefined, failed: false, loading: this.#load(answering) };
    void entry.loading.then((known) => {
      entry.known = known;
      entry.failed = known === undefined;
      if (known === undefined) this.#retryLater(key, entry);
    });
    return entry;
  }

  async #load(answering: Answering): Promise<KnownVocabulary | undefined> {
    try {
      const known = await this.#fetch(answering);
      this.#trouble.clear();
      return known;
    } catch (error) {
      this.#trouble.tell(error);
      return undefined;
    }
  }

  async #fetch({ run, model }: Answering): Promise<KnownVocabulary> {
    let [bits, items, columns]: [string, number, readonly string[]] = ['', 0, []];
    await inParts(async (from) => {
      const reply = await this.#stores.request('items/vocabulary', { run: run.folder, model, from });
      ({ items, columns } = reply);
      bits += reply.words.bits;
      return { size: reply.words.bits.length, of: reply.words.letters };
    });
    return { items, columns, words: WordFilter.of({ bits }) };
  }

  #retryLater(key: string, entry: Entry): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    }, RETRY_MS);
    this.#timers.add(timer);
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#entries.clear();
  }
}

function keyOf({ run, model }: Answering): string {
  return `${run.folder}\n${model}`;
}
