/**
 * Counts, over sequences given item by item, the rows whose sequence holds the same item more than once, and the rows
 * that stand beside their equal: same item, and nothing between that would tell them apart by order.
 */
export class RepeatCounter {
  /** Rows whose item stands more than once in their sequence. */
  repeated = 0;
  /** Rows of which an equal one exists. */
  duplicates = 0;
  /** By item: twice the sequence that held it last, plus 1 where it stood there more than once; −1: none yet. */
  readonly #last: Int32Array;
  /** Items of the run of rows that order does not tell apart, once it has two. */
  readonly #run: number[] = [];
  #previous = -1;

  constructor(itemCount: number) {
    this.#last = new Int32Array(itemCount).fill(-1);
  }

  /**
   * Takes the next row.
   * @param startsRun whether order tells this row apart from the one before (as it does at the start of a sequence)
   */
  add(sequence: number, item: number, startsRun: boolean): void {
    const last = this.#last[item] ?? -1;
    const once = 2 * sequence;
    if (last < once) {
      this.#last[item] = once;
    } else {
      this.repeated += last === once ? 2 : 1;
      this.#last[item] = once + 1;
    }
    if (startsRun) this.#endRun();
    else this.#extendRun(item);
    this.#previous = item;
  }

  finish(): void {
    this.#endRun();
  }

  #extendRun(item: number): void {
    if (this.#run.length === 0) this.#run.push(this.#previous);
    this.#run.push(item);
  }

  #endRun(): void {
    if (this.#run.length === 0) return;
    this.duplicates += countEqual(this.#run);
    this.#run.length = 0;
  }
}

/** How many of the numbers stand more than once among them. */
function countEqual(numbers: number[]): number {
  numbers.sort((a, b) => a - b);
  let equal = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] === numbers[i - 1] || numbers[i] === numbers[i + 1]) equal++;
  }
  return equal;
}
