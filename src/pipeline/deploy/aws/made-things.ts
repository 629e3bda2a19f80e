/** What RecSys made in an account and is still there, in all regions and by all workspaces. */
import type { UnpricedThing } from '../../../protocol/costs.ts';
import { pieceId } from '../../../protocol/deployment.ts';
import { isPast } from '../../../protocol/is-past.ts';
import { messageOf } from '../../../protocol/user-error.ts';
import { eachAtMost } from '../../each-at-most.ts';
import { recsysCommand } from '../../own-shell.ts';
import { TAGS } from '../deployment-names.ts';
import { placeOf } from '../ledger.ts';
import { journalFolders } from '../deployment-folder.ts';
import { regionsBeside } from '../images.ts';
import type { Aws, Caller } from './aws-clients.ts';
import { explained, isDenied } from './fault.ts';
import { foundInBucket, ownBuckets } from './found-objects.ts';
import {
  foundConfigs,
  foundEndpoints,
  foundModels,
  foundStacks,
  type FoundThing,
  type Payment,
} from './found-things.ts';
import { foundTransforms } from './found-transforms.ts';

export interface FindRequest {
  readonly storeFolder: string;
  /** Default: all of the account's partition that are known. */
  readonly regions?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  /** Told of each region that was looked at. */
  readonly onRegion?: (done: number, of: number) => void;
}

/** A thing with how it is paid. */
export type PayableThing = UnpricedThing & { readonly payment: Payment };

export interface MadeThings {
  readonly account: string;
  readonly things: readonly PayableThing[];
  /** Regions that were looked at. */
  readonly regions: readonly string[];
  readonly failures: Failures;
}

/** Regions at once. */
const AT_ONCE = 6;

/** What could not be looked at is said, and hides nothing else. */
export async function findMade(aws: Aws, request: FindRequest): Promise<MadeThings> {
  const { signal, storeFolder } = request;
  const caller = await aws.caller();
  const regions = request.regions ?? regionsBeside(aws.region);
  const failures: Failures = [];
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
  const things = withJournals(withStacks(found.flat().map(thingOf)), storeFolder, caller);
  const failed = new Set(failures.map(({ region }) => region));
  const { account } = caller;
  return { account, things, regions: regions.filter((region) => !failed.has(region)), failures };
}

type Failures = { region: string; message: string }[];

/** Where the first question is not answered for want of a region, the others are not asked. */
async function inRegion(aws: Aws, failures: Failures): Promise<FoundThing[]> {
  const questions = [
    ['listing endpoints', foundEndpoints],
    ['listing batch transform jobs', foundTransforms],
    ['listing REST fronts, clocks and inference components', foundStacks],
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

function thingOf({ tags, created, status, bytes, ...thing }: FoundThing): PayableThing {
  const { kind, name, arn, region, payment } = thing;
  const expires = tags?.[TAGS.expires];
  const on = payment.type === 'instances' ? { on: instancesText(payment) } : {};
  return {
    ...{ kind, name, arn, region, payment, ...on },
    ...(created === undefined ? {} : { created: created.toISOString() }),
    ...(status === undefined ? {} : { status }),
    ...(bytes === undefined ? {} : { bytes }),
    ...toldBy(tags ?? {}),
    isOver: isPast(expires),
    byName: tags === undefined,
    remove: recsysCommand('endpoint', 'delete', '--arn', arn),
  };
}

/**
 * An endpoint ends at the time that its clock is set to, which a rollback keeps. What is told of one that scales to zero is told
 * by its component, as updates leave its own tags and those of its configuration as they were.
 */
function withStacks(things: readonly PayableThing[]): readonly PayableThing[] {
  const key = ({ region, workspace = '', endpoint = '' }: PayableThing): string =>
    `${region} ${workspace} ${endpoint}`;
  const ofKind = (kind: PayableThing['kind']): ReadonlyMap<string, PayableThing> =>
    new Map(things.flatMap((thing) => (thing.kind === kind ? [[key(thing), thing]] : [])));
  const [clocks, components] = [ofKind('clock'), ofKind('component')];
  return things.map((thing) => {
    if (thing.kind !== 'endpoint') return thing;
    const newest = components.get(key(thing)) ?? thing;
    const { expires, isOver } = clocks.get(key(thing)) ?? newest;
    const { run, owner } = newest;
    const told = Object.entries({ expires, run, owner }).filter(([, value]) => value !== undefined);
    return { ...thing, isOver, ...Object.fromEntries(told) };
  });
}

function instancesText({ counts, most }: Payment & { readonly type: 'instances' }): string {
  const now = [...counts].map(([instance, count]) => `${count} × ${instance}`).join(', ');
  return most === undefined ? now : `${now} now, 0 to ${most}`;
}

function toldBy(
  tags: Readonly<Record<string, string>>,
): Pick<UnpricedThing, 'owner' | 'workspace' | 'endpoint' | 'run' | 'expires'> {
  const names = ['owner', 'workspace', 'endpoint', 'run', 'expires'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = tags[TAGS[name]];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What this workspace's journals have is taken away by the name of its endpoint. */
function withJournals(
  things: readonly PayableThing[],
  storeFolder: string,
  { account }: Caller,
): readonly PayableThing[] {
  const journals = new Map<string, string>();
  for (const folder of journalFolders(storeFolder)) {
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
