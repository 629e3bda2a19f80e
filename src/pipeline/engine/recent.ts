/** The most recently used few of what takes long to make; what is asked for twice at once is made once. */
export class Recent<T> {
  readonly #capacity: number;
  readonly #entries = new Map<string, Promise<T>>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key) ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.catch(() => {
      // A newer one of the same key may have come in its place.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    for (const old of [...this.#entries.keys()].slice(0, -this.#capacity)) this.#entries.delete(old);
    return entry;
  }
}
