/** What RecSys made in an account and is still there, in all regions and by all workspaces, with what it costs. */
import type { CostsReport, HourlyPrice, MadeThing } from '../../../protocol/costs.ts';
import { pieceId } from '../../../protocol/deployment.ts';
import { messageOf } from '../../../protocol/user-error.ts';
import { eachAtMost } from '../../each-at-most.ts';
import { recsysCommand } from '../../own-shell.ts';
import { TAGS } from '../deployment-names.ts';
import { placeOf } from '../ledger.ts';
import { deploymentFolders } from '../deployment-folder.ts';
import { regionsBeside } from '../images.ts';
import type { Aws, Caller } from './aws-clients.ts';
import { explained, isDenied } from './fault.ts';
import { foundInBucket, ownBuckets } from './found-objects.ts';
import { foundConfigs, foundEndpoints, foundModels, foundStacks, type FoundThing } from './found-things.ts';
import type { InstancePrices } from './instance-prices.ts';

export interface CostsRequest {
  readonly storeFolder: string;
  /** Default: all of the account's partition that are known. */
  readonly regions?: readonly string[] | undefined;
  readonly prices: InstancePrices;
  readonly signal: AbortSignal;
  /** Told of each region that was looked at. */
  readonly onRegion?: (done: number, of: number) => void;
}

/** Regions at once. */
const AT_ONCE = 6;
const HOUR_MS = 3_600_000;

/** What could not be looked at is said, and hides nothing else. */
export async function findCosts(aws: Aws, request: CostsRequest): Promise<CostsReport> {
  const { prices, signal } = request;
  const caller = await aws.caller();
  const regions = request.regions ?? regionsBeside(aws.region);
  const failures: { region: string; message: string }[] = [];
  const buckets = await attempt(aws, failures, 'listing buckets', () => ownBuckets(aws, caller));
  let done = 0;
  const found = await eachAtMost(AT_ONCE, regions, async (region) => {
    signal.throwIfAborted();
    const there = aws.in(region);
    const things = await inRegion(there, failures);
    for (const bucket of (buckets ?? []).filter((own) => own.region === region))
      things.push(
        ...((await attempt(there, failures, `looking into the bucket ${bucket.name}`, () =>
          foundInBucket(there, caller, bucket),
        )) ?? []),
      );
    request.onRegion?.(++done, regions.length);
    return things;
  });
  const things = await eachAtMost(AT_ONCE, found.flat(), (thing) => priced(thing, prices));
  await prices.save();
  return reportOf(caller, withJournals(things, request.storeFolder, caller), regions, failures);
}

type Failures = { region: string; message: string }[];

/** Where the first question is not answered for want of a region, the others are not asked. */
async function inRegion(aws: Aws, failures: Failures): Promise<FoundThing[]> {
  const questions = [
    ['listing endpoints', foundEndpoints],
    ['listing REST fronts', foundStacks],
    ['listing endpoint configurations', foundConfigs],
    ['listing models', foundModels],
  ] as const;
  const found: FoundThing[] = [];
  for (const [what, ask] of questions) {
    try {
      found.push(...(await ask(aws)));
    } catch (error) {
      failures.push({ region: aws.region, message: messageOf(explained(error, aws.doing(what))) });
      if (!isDenied(error)) break;
    }
  }
  return found;
}

async function attempt<T>(
  aws: Aws,
  failures: Failures,
  what: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    failures.push({ region: aws.region, message: messageOf(explained(error, aws.doing(what))) });
    return undefined;
  }
}

async function priced(thing: FoundThing, prices: InstancePrices): Promise<MadeThing> {
  const { kind, name, arn, region, status, bytes, tags = {} } = thing;
  const { price, on } = await priceOf(thing, prices);
  const created = thing.created?.toISOString();
  const expires = tags[TAGS.expires];
  const soFar = soFarOf(price, thing.created);
  return {
    ...{ kind, name, arn, region, price },
    ...(created === undefined ? {} : { created }),
    ...(status === undefined ? {} : { status }),
    ...(on === undefined ? {} : { on }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(soFar === undefined ? {} : { soFar }),
    ...toldBy(tags),
    isOver: expires !== undefined && Date.parse(expires) <= Date.now(),
    byName: thing.tags === undefined,
    remove: recsysCommand('endpoint', 'delete', '--arn', arn),
  };
}

function toldBy(
  tags: Readonly<Record<string, string>>,
): Pick<MadeThing, 'owner' | 'workspace' | 'endpoint' | 'run' | 'expires'> {
  const names = ['owner', 'workspace', 'endpoint', 'run', 'expires'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = tags[TAGS[name]];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function priceOf(
  { payment, region }: FoundThing,
  prices: InstancePrices,
): Promise<{ readonly price: HourlyPrice; readonly on?: string }> {
  if (payment.type !== 'instances') return { price: payment };
  const { counts } = payment;
  const on = [...counts].map(([instance, count]) => `${count} × ${instance}`).join(', ');
  let usd = 0;
  let asked = '';
  for (const [instance, count] of counts) {
    const one = await prices.of({ region, instance });
    if (one.type !== 'known') return { price: one, on };
    usd += count * one.usd;
    // Of several the oldest is told.
    if (asked === '' || one.asked < asked) asked = one.asked;
  }
  return { price: { type: 'known', usd, asked }, on };
}

function soFarOf(price: HourlyPrice, created: Date | undefined): number | undefined {
  if (price.type === 'nothing') return 0;
  if (price.type !== 'known' || created === undefined) return undefined;
  return (price.usd * Math.max(0, Date.now() - created.getTime())) / HOUR_MS;
}

/** What this workspace's journals have is taken away by the name of its endpoint. */
function withJournals(
  things: readonly MadeThing[],
  storeFolder: string,
  { account }: Caller,
): readonly MadeThing[] {
  const journals = new Map<string, string>();
  for (const folder of deploymentFolders(storeFolder)) {
    const ledger = folder.ledger();
    const place = placeOf(ledger);
    if (place?.account !== account) continue;
    for (const id of ledger.pieces.keys()) journals.set(`${place.region} ${id}`, folder.endpoint);
  }
  return things.map((thing) => {
    const journal = journals.get(`${thing.region} ${pieceId(thing)}`);
    // A bucket is shared: it goes with the last that uses it.
    if (journal === undefined) return thing;
    return { ...thing, journal, remove: recsysCommand('endpoint', 'delete', journal) };
  });
}

function reportOf(
  { account }: Caller,
  things: readonly MadeThing[],
  regions: readonly string[],
  failures: Failures,
): CostsReport {
  const failed = new Set(failures.map(({ region }) => region));
  const hourly = (thing: MadeThing): number => (thing.price.type === 'known' ? thing.price.usd : 0);
  return {
    ...{ type: 'costs', t: Date.now(), account },
    things: [...things].sort((a, b) => hourly(b) - hourly(a)),
    regions: regions.filter((region) => !failed.has(region)),
    failures,
    hourly: things.reduce((sum, thing) => sum + hourly(thing), 0),
    soFar: things.reduce((sum, { soFar = 0 }) => sum + soFar, 0),
    unknownPrices: things.filter(({ price }) => price.type === 'unknown').length,
  };
}
