/**
 * Counts, over sequences given item by item, the rows whose sequence holds the same item more than once, and the rows
 * that stand beside their equal: same item, and nothing between that would tell them apart by order.
 */
export class RepeatCounter {
  /** Rows whose item stands more than once in their sequence. */
  repeated = 0;
  /** Rows of which an equal one exists. */
  duplicates = 0;
  /** By item: the sequence that held it last, and whether it stood there more than once. */
  readonly #lastSequence: Int32Array;
  readonly #counted: Uint8Array;
  /** Items of the run of rows that order does not tell apart. */
  readonly #run: number[] = [];

  constructor(itemCount: number) {
    this.#lastSequence = new Int32Array(itemCount).fill(-1);
    this.#counted = new Uint8Array(itemCount);
  }

  /**
   * Takes the next row.
   * @param startsRun whether order tells this row apart from the one before (as it does at the start of a sequence)
   */
  add(sequence: number, item: number, startsRun: boolean): void {
    this.#countRepeat(sequence, item);
    if (startsRun) this.#endRun();
    this.#run.push(item);
  }

  finish(): void {
    this.#endRun();
  }

  #countRepeat(sequence: number, item: number): void {
    if (this.#lastSequence[item] !== sequence) {
      this.#lastSequence[item] = sequence;
      this.#counted[item] = 0;
    } else if (this.#counted[item] === 0) {
      this.#counted[item] = 1;
      this.repeated += 2;
    } else {
      this.repeated += 1;
    }
  }

  #endRun(): void {
    const run = this.#run;
    if (run.length > 1) this.duplicates += countEqual(run);
    run.length = 0;
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
