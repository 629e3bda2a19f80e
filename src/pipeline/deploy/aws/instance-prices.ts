/** What instances cost, asked of AWS when it is needed. */
import { GetProductsCommand } from '@aws-sdk/client-pricing';
import * as z from 'zod/mini';
import type { HourlyPrice } from '../../../protocol/costs.ts';
import { messageOf } from '../../../protocol/user-error.ts';
import { PriceCache, type PricedInstance } from '../price-cache.ts';
import { hourlyPrice } from '../price-list.ts';
import type { Aws } from './aws-clients.ts';
import { explained } from './fault.ts';

const SERVICE = 'AmazonSageMaker';
/** The SDK says nothing of what documents are. */
const Told = z.object({ PriceList: z.optional(z.array(z.unknown())) });

export class InstancePrices {
  readonly #aws: Aws;
  readonly #cache: PriceCache;
  /** Each is asked for once. */
  readonly #asked = new Map<string, Promise<HourlyPrice>>();

  constructor(aws: Aws, cache = new PriceCache()) {
    this.#aws = aws;
    this.#cache = cache;
  }

  /** Of one instance; unknown where AWS does not say, never a guess. */
  of(instance: PricedInstance): Promise<HourlyPrice> {
    const key = Object.values(instance).join('/');
    const asked = this.#asked.get(key) ?? this.#find(instance);
    this.#asked.set(key, asked);
    return asked;
  }

  save(): Promise<void> {
    return this.#cache.save();
  }

  async #find(instance: PricedInstance): Promise<HourlyPrice> {
    const kept = this.#cache.get(instance);
    if (kept !== undefined && this.#cache.isFresh(kept)) return { type: 'known', ...kept };
    try {
      const usd = await this.#ask(instance);
      if (usd !== undefined) return { type: 'known', ...this.#cache.add(instance, usd) };
      return { type: 'unknown', why: `AWS's price list has no single price of ${instance.instance}` };
    } catch (error) {
      // An older price is still what AWS said, with the day on which it did.
      if (kept !== undefined) return { type: 'known', ...kept };
      const why = messageOf(explained(error, this.#aws.doing('asking for prices (pricing:GetProducts)')));
      return { type: 'unknown', why };
    }
  }

  async #ask(of: PricedInstance): Promise<number | undefined> {
    const filter = (Field: string, Value: string): { Type: 'TERM_MATCH'; Field: string; Value: string } => ({
      ...{ Type: 'TERM_MATCH', Field, Value },
    });
    const told = await this.#aws.pricing.send(
      new GetProductsCommand({
        ...{ ServiceCode: SERVICE, MaxResults: 100 },
        Filters: [filter('regionCode', of.region), filter('instanceName', of.instance)],
      }),
    );
    return hourlyPrice(Told.parse(told).PriceList ?? [], of);
  }
}
