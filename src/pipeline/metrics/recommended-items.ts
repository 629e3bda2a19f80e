/** Coverage and mean popularity of what is recommended. */
import { DEEPEST } from './rank-metrics.ts';

const CUTS = [10, 100] as const;

/** What was gathered, by cut: whole numbers, so that parts add up to the same in any order. */
export interface RecommendedSums {
  /** 1 for each item that stood in a list. */
  readonly shown: readonly Uint8Array[];
  readonly popularity: readonly number[];
  readonly slots: readonly number[];
}

/** Gathers top lists of a model over many queries. */
export class RecommendedItems {
  private readonly trainCounts: Uint32Array;
  private readonly catalogue: number;
  private readonly shown: readonly Uint8Array[];
  private readonly popularity = [0, 0];
  private readonly slots = [0, 0];

  /** @param catalogue 1 for each item that may be recommended */
  constructor(trainCounts: Uint32Array, catalogue: Uint8Array) {
    this.trainCounts = trainCounts;
    this.catalogue = catalogue.reduce((count, known) => count + known, 0);
    this.shown = CUTS.map(() => new Uint8Array(trainCounts.length));
  }

  /** Length of the lists to give to `add`. */
  static readonly depth = DEEPEST;

  /** Adds one top list, best first, counted `times` times. */
  add(list: Int32Array, times = 1): void {
    CUTS.forEach((cut, c) => {
      const shown = this.shown[c];
      const length = Math.min(cut, list.length);
      let sum = 0;
      for (let i = 0; i < length; i++) {
        const item = list[i] ?? 0;
        if (shown !== undefined) shown[item] = 1;
        sum += this.trainCounts[item] ?? 0;
      }
      this.popularity[c] = (this.popularity[c] ?? 0) + sum * times;
      this.slots[c] = (this.slots[c] ?? 0) + length * times;
    });
  }

  get sums(): RecommendedSums {
    const { shown, popularity, slots } = this;
    return { shown, popularity, slots };
  }

  /** Adds what was gathered elsewhere. */
  addSums({ shown, popularity, slots }: RecommendedSums): void {
    this.shown.forEach((own, c) => {
      shown[c]?.forEach((bit, item) => {
        if (bit === 1) own[item] = 1;
      });
      this.popularity[c] = (this.popularity[c] ?? 0) + (popularity[c] ?? 0);
      this.slots[c] = (this.slots[c] ?? 0) + (slots[c] ?? 0);
    });
  }

  /** Share of the catalogue that stands in any top-k list. */
  coverage(): Record<string, number> {
    return byCut(
      (c) =>
        (this.shown[c] ?? new Uint8Array(0)).reduce((sum, bit) => sum + bit, 0) / Math.max(1, this.catalogue),
    );
  }

  /** Mean number of training rows of the items recommended in top-k lists. */
  meanPopularity(): Record<string, number> {
    return byCut((c) => (this.popularity[c] ?? 0) / Math.max(1, this.slots[c] ?? 0));
  }

  get catalogueSize(): number {
    return this.catalogue;
  }
}

function byCut(of: (index: number) => number): Record<string, number> {
  return Object.fromEntries(CUTS.map((cut, c) => [`@${cut}`, of(c)]));
}
