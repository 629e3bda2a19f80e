/** What costs money of all that RecSys made in an account. */
import type { CostsReport, HourlyPrice, MadeThing } from '../../../protocol/costs.ts';
import { eachAtMost } from '../../each-at-most.ts';
import type { Aws } from './aws-clients.ts';
import type { InstancePrices } from './instance-prices.ts';
import { findMade, type FindRequest, type MadeThings, type PayableThing } from './made-things.ts';

export interface CostsRequest extends FindRequest {
  readonly prices: InstancePrices;
}

/** Prices that are asked for at once. */
const AT_ONCE = 6;
const HOUR_MS = 3_600_000;

/** What could not be looked at is said, and hides nothing else. */
export async function findCosts(aws: Aws, { prices, ...request }: CostsRequest): Promise<CostsReport> {
  const made = await findMade(aws, request);
  const things = await eachAtMost(AT_ONCE, made.things, (thing) => priced(thing, prices));
  await prices.save();
  return reportOf(made, things);
}

async function priced({ payment, ...thing }: PayableThing, prices: InstancePrices): Promise<MadeThing> {
  const price = await priceOf({ payment, ...thing }, prices);
  const soFar = soFarOf(price, thing.created);
  return { ...thing, price, ...(soFar === undefined ? {} : { soFar }) };
}

async function priceOf(
  { payment, region, kind }: PayableThing,
  prices: InstancePrices,
): Promise<HourlyPrice> {
  if (payment.type !== 'instances') return payment;
  const use = kind === 'transform' ? 'transform' : 'hosting';
  const { counts, most } = payment;
  let usd = 0;
  let each = 0;
  let asked = '';
  for (const [instance, count] of counts) {
    const one = await prices.of({ region, instance, use });
    if (one.type !== 'known') return one;
    usd += count * one.usd;
    each = one.usd;
    // Of several the oldest is told.
    if (asked === '' || one.asked < asked) asked = one.asked;
  }
  return { type: 'known', usd, asked, ...(most === undefined ? {} : { each }) };
}

function soFarOf(price: HourlyPrice, created: string | undefined): number | undefined {
  if (price.type === 'nothing') return 0;
  // Of one that scales to zero nobody knows here how long it was up.
  if (price.type !== 'known' || price.each !== undefined || created === undefined) return undefined;
  return (price.usd * Math.max(0, Date.now() - Date.parse(created))) / HOUR_MS;
}

function reportOf({ account, regions, failures }: MadeThings, things: readonly MadeThing[]): CostsReport {
  const hourly = (thing: MadeThing): number => (thing.price.type === 'known' ? thing.price.usd : 0);
  return {
    ...{ type: 'costs', t: Date.now(), account },
    things: [...things].sort((a, b) => hourly(b) - hourly(a)),
    ...{ regions: [...regions], failures },
    hourly: things.reduce((sum, thing) => sum + hourly(thing), 0),
    soFar: things.reduce((sum, { soFar = 0 }) => sum + soFar, 0),
    unknownPrices: things.filter(({ price }) => price.type === 'unknown').length,
  };
}
