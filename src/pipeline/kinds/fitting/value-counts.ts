/** For each of some values w, counts the straight lines a + b·w that are not below zero there. */
export class ValueCounts {
  /** Lines that are below zero at none of the values. */
  always = 0;
  private readonly ascending: Float64Array;
  /** Place of each given value among the ascending ones. */
  private readonly places: Int32Array;
  /** What the count changes by at each ascending value; after `finish`, the count itself. */
  private readonly changes: Int32Array;

  constructor(values: readonly number[]) {
    this.ascending = Float64Array.from(values).sort();
    this.places = Int32Array.from(values, (value) => this.ascending.indexOf(value));
    this.changes = new Int32Array(values.length + 1);
  }

  clear(): void {
    this.always = 0;
    this.changes.fill(0);
  }

  addNotNegative(a: number, b: number): void {
    const { ascending, changes } = this;
    const last = ascending.length - 1;
    const atFirst = a + b * (ascending[0] ?? 0) >= 0;
    const atLast = a + b * (ascending[last] ?? 0) >= 0;
    if (atFirst && atLast) this.always++;
    if (atFirst === atLast) return;
    let at = 1;
    while (at < last && a + b * (ascending[at] ?? 0) >= 0 === atFirst) at++;
    if (atFirst) changes[0] = (changes[0] ?? 0) + 1;
    changes[at] = (changes[at] ?? 0) + (atFirst ? -1 : 1);
  }

  /** Ends the counting, so that `of` can be asked. */
  finish(): void {
    const { changes } = this;
    for (let v = 1; v < changes.length; v++) changes[v] = (changes[v] ?? 0) + (changes[v - 1] ?? 0);
  }

  /** The count at the value given in place `v`. */
  of(v: number): number {
    return this.always + (this.changes[this.places[v] ?? 0] ?? 0);
  }
}
