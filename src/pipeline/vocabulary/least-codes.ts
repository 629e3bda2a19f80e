/** The smallest few of many codes, each once, in ascending order: codes go by descending frequency. */
export class LeastCodes {
  readonly #limit: number;
  readonly #codes: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get codes(): readonly number[] {
    return this.#codes;
  }

  add(code: number): void {
    const codes = this.#codes;
    const last = codes.at(-1) ?? -1;
    if (codes.length >= this.#limit && code >= last) return;
    let at = codes.length;
    while (at > 0 && (codes[at - 1] ?? 0) > code) at--;
    if (at > 0 && codes[at - 1] === code) return;
    codes.splice(at, 0, code);
    if (codes.length > this.#limit) codes.pop();
  }
}
