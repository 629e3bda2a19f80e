/** Prices of instances, as AWS's price list has them. */
import * as z from 'zod/mini';
import type { PricedInstance } from './price-cache.ts';

const USAGE: Readonly<Record<PricedInstance['use'], string>> = { hosting: 'Host', transform: 'Tsform' };

const Product = z.object({
  product: z.object({ attributes: z.record(z.string(), z.string()) }),
  terms: z.object({
    OnDemand: z.optional(
      z.record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({ unit: z.string(), pricePerUnit: z.record(z.string(), z.string()) }),
          ),
        }),
      ),
    ),
  }),
});

/**
 * US dollars an hour of one instance: what the bill calls `USE1-Host:ml.m5.large` where it answers requests, and
 * `USE1-Tsform:ml.m5.large` where it transforms.
 * @param products documents of the price list, as JSON
 * @returns undefined where they name none, or several: then nobody can say which it is
 */
export function hourlyPrice(
  products: readonly unknown[],
  { instance, use }: Pick<PricedInstance, 'instance' | 'use'>,
): number | undefined {
  const usage = new RegExp(`(^|-)${USAGE[use]}:${instance.replaceAll('.', '\\.')}$`);
  const prices = new Set<number>();
  for (const document of products) {
    const { data } = Product.safeParse(parsed(document));
    if (data === undefined || !usage.test(data.product.attributes['usagetype'] ?? '')) continue;
    for (const term of Object.values(data.terms.OnDemand ?? {}))
      for (const { unit, pricePerUnit } of Object.values(term.priceDimensions)) {
        const price = Number(pricePerUnit['USD']);
        if (/^(hrs|hours?)$/i.test(unit) && price > 0) prices.add(price);
      }
  }
  const [price, ...others] = prices;
  return others.length === 0 ? price : undefined;
}

/** The SDK gives a document as an object of text, or as text. */
function parsed(document: unknown): unknown {
  try {
    return JSON.parse(String(document));
  } catch {
    return undefined;
  }
}
