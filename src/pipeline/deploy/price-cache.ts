/** Prices that AWS has told, with when it was asked, in the user's cache. */
import * as path from 'node:path';
import * as z from 'zod/mini';
import { writeJson } from '../store/atomic-file.ts';
import { cacheFolder } from '../store/cache-folder.ts';
import { makeFolder } from '../store/make-folder.ts';
import { readJson } from '../store/read-json.ts';

const Kept = z.object({ usd: z.number(), asked: z.string() });
export type KeptPrice = z.infer<typeof Kept>;
const PriceFile = z.object({ format: z.literal(1), prices: z.record(z.string(), Kept) });

export interface PricedInstance {
  readonly region: string;
  readonly instance: string;
  /** What it does, which decides its price. */
  readonly use: 'hosting' | 'transform';
}

/** Earlier versions kept prices of hosting alone. */
const keyOf = ({ region, instance, use }: PricedInstance): string =>
  `${region}/${instance}${use === 'hosting' ? '' : `/${use}`}`;

/** Prices change a few times a year. */
const FRESH_MS = 7 * 24 * 3_600_000;

export class PriceCache {
  readonly file: string;
  readonly #prices: Map<string, KeptPrice>;

  /** What cannot be read is asked for anew. */
  constructor(folder = cacheFolder()) {
    this.file = path.join(folder, 'prices.json');
    this.#prices = new Map(Object.entries(kept(this.file)));
  }

  /** A price with when it was asked for, however long ago. */
  get(of: PricedInstance): KeptPrice | undefined {
    return this.#prices.get(keyOf(of));
  }

  isFresh({ asked }: KeptPrice, now = Date.now()): boolean {
    return now - Date.parse(asked) < FRESH_MS;
  }

  add(of: PricedInstance, usd: number): KeptPrice {
    const price = { usd, asked: new Date().toISOString() };
    this.#prices.set(keyOf(of), price);
    return price;
  }

  /** Without it, prices are asked for again next time. */
  async save(): Promise<void> {
    try {
      makeFolder(path.dirname(this.file));
      await writeJson(this.file, { format: 1, prices: Object.fromEntries(this.#prices) });
    } catch {
      // A home that cannot be written is no reason to say nothing of costs.
    }
  }
}

function kept(file: string): Readonly<Record<string, KeptPrice>> {
  try {
    return readJson(file, PriceFile)?.prices ?? {};
  } catch {
    return {};
  }
}
