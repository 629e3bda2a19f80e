import { Finished } from './finished.ts';

/** The most recently used few of what takes long to make; what is asked for twice at once is made once. */
export class Recent<T> {
  readonly #entries: Finished<Promise<T>>;

  constructor(capacity: number) {
    this.#entries = new Finished(capacity);
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const entry = this.#entries.keep(key, this.#entries.get(key) ?? make());
    entry.catch(() => {
      // A newer one of the same key may have come in its place.
      if (this.#entries.get(key) === entry) this.#entries.forget(key);
    });
    return entry;
  }
}
