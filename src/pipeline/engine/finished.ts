/** The newest few results of what takes long to make, for who asks for the rest of one: large answers come in parts. */
export class Finished<T> {
  readonly #capacity: number;
  readonly #results = new Map<string, T>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): T | undefined {
    return this.#results.get(key);
  }

  keep(key: string, result: T): T {
    this.#results.delete(key);
    this.#results.set(key, result);
    for (const old of [...this.#results.keys()].slice(0, -this.#capacity)) this.#results.delete(old);
    return result;
  }

  forget(key: string): void {
    this.#results.delete(key);
  }
}
