/** How long answers took, the last few hundred of each kind. */

const KEPT = 300;

export interface Latency {
  readonly name: string;
  /** Of all, also those that are no longer kept. */
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
}

export class Latencies {
  readonly #kept = new Map<string, { count: number; times: number[] }>();

  add(name: string, milliseconds: number): void {
    const entry = this.#kept.get(name) ?? { count: 0, times: [] };
    entry.times[entry.count % KEPT] = milliseconds;
    entry.count++;
    this.#kept.set(name, entry);
  }

  /** The most asked first. */
  get all(): Latency[] {
    return [...this.#kept]
      .map(([name, { count, times }]) => {
        const sorted = times.toSorted((a, b) => a - b);
        const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        return { name, count, p50: at(0.5), p95: at(0.95) };
      })
      .sort((a, b) => b.count - a.count);
  }
}
