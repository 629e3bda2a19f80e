import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import type { ModelSlot } from './model-slot.ts';

/** Seconds; finest where answers are expected. */
const BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const PERCENTILES = [0.5, 0.95, 0.99];
/** Percentiles are of the last minutes. */
const WINDOW = { maxAgeSeconds: 300, ageBuckets: 5 };

/** What a server counts, in the text format of Prometheus. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'route' | 'status'>;
  readonly #seconds: Histogram<'route'>;
  readonly #percentiles: Summary<'route'>;
  readonly #swaps: Counter;

  constructor(slot: ModelSlot) {
    const registers = [this.#registry];
    const of = (name: string, help: string): { name: string; help: string; registers: Registry[] } => ({
      ...{ name: `recsys_${name}`, help, registers },
    });
    this.#requests = new Counter({ ...of('requests_total', 'Requests.'), labelNames: ['route', 'status'] });
    this.#seconds = new Histogram({
      ...of('request_duration_seconds', 'Time from a request to its answer.'),
      ...{ labelNames: ['route'] as const, buckets: BUCKETS },
    });
    this.#percentiles = new Summary({
      ...of('request_latency_seconds', 'Percentiles of the same time over the last five minutes.'),
      ...{ labelNames: ['route'] as const, percentiles: PERCENTILES, ...WINDOW },
    });
    this.#swaps = new Counter(
      of('model_swaps_total', 'Times another model took the place of the one before.'),
    );
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        ...of(name, help),
        collect() {
          this.set(value());
        },
      });
    };
    gauge('model_version', 'Number of the model that answers.', () => slot.current.version);
    gauge('model_items', 'Items of the model that answers.', () => slot.current.model.facts.items);
    gauge('queries_waiting', 'Queries that wait for a thread.', () => slot.current.model.waiting);
    gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
    gauge('process_uptime_seconds', 'Time since the start of the process.', () => process.uptime());
  }

  /** @param route one of a fixed few, so that hostile paths make no new series */
  observe(route: string, status: number, seconds: number): void {
    this.#requests.inc({ route, status });
    this.#seconds.observe({ route }, seconds);
    this.#percentiles.observe({ route }, seconds);
  }

  swapped(): void {
    this.#swaps.inc();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
