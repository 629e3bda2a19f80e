/**
 * Endpoints that a clock at AWS takes away, against moto's server, whose CloudFormation makes the role and passes over the
 * schedule. Needs an interpreter with moto in RECSYS_PYTHON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { DescribeStacksCommand, GetTemplateCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { DeleteEndpointCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withCompanions } from '../../src/protocol/companions.ts';
import type { DeployEvent } from '../../src/protocol/deployment.ts';
import { clockTime } from '../../src/pipeline/deploy/clock-template.ts';
import type { Aws } from '../../src/pipeline/deploy/aws/aws-clients.ts';
import { findCosts } from '../../src/pipeline/deploy/aws/costs.ts';
import { deploy, type Deployed } from '../../src/pipeline/deploy/aws/deploy.ts';
import type { DeployRequest } from '../../src/pipeline/deploy/aws/deploy-plan.ts';
import {
  deleteEndpoint,
  requireEndpoint,
  rollBack,
  statusText,
  sweep,
} from '../../src/pipeline/deploy/aws/endpoints.ts';
import { InstancePrices } from '../../src/pipeline/deploy/aws/instance-prices.ts';
import type { Removal } from '../../src/pipeline/deploy/aws/remove-pieces.ts';
import { removeThings } from '../../src/pipeline/deploy/aws/remove-things.ts';
import { DeploymentFolder } from '../../src/pipeline/deploy/deployment-folder.ts';
import { knownEndpoint } from '../../src/pipeline/deploy/known-endpoint.ts';
import { expiryOf, hasClock } from '../../src/pipeline/deploy/ledger.ts';
import { PriceCache } from '../../src/pipeline/deploy/price-cache.ts';
import { bundlePrograms } from '../unit/support/bundle-programs.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { openAtMoto, REGION, toldFailure } from './support/at-moto.ts';
import type { AwsProxy, Failure } from './support/aws-proxy.ts';
import { FAILING_CALLS, broken, refused, rollsBack } from './support/failing-stacks.ts';
import { fakeArchive } from './support/fake-archive.ts';
import { madeAt } from './support/made-at.ts';
import { serveByMoto, type ServedByMoto } from './support/served-by-moto.ts';

const ROLE = 'arn:aws:iam::123456789012:role/endpoint';
const CLOCK = 'recsys-clock-shop';
const HOUR = 3_600_000;
const folder = temporaryFolder();
const scratch: string[] = [];
let served: ServedByMoto;
let aws: Aws;
let proxy: AwsProxy;
let packages: readonly [string, string];
let answer: (body: string) => unknown;
let store: string;

interface Trial extends Partial<DeployRequest> {
  readonly events?: DeployEvent[];
  readonly signal?: AbortSignal;
}

/** Deploys, by default for eight hours. */
async function run({ events = [], signal, ...more }: Trial = {}): Promise<Deployed> {
  proxy.answer = answer;
  const request: DeployRequest = {
    ...{ storeFolder: store, packageFolder: packages[0], role: ROLE, endpoint: 'shop' },
    ...{ prepareArchive: fakeArchive(1000), timeToLive: 8 * HOUR },
    source: { run: '20261130-010203004-abcd', model: 'markov', kind: 'markov' },
    capacity: {
      memory: undefined,
      concurrency: undefined,
      instance: 'ml.m5.large',
      mostInstances: undefined,
    },
    ...more,
  };
  return deploy(await openAtMoto(), request, {
    confirm: () => Promise.resolve(true),
    onEvent: (event) => events.push(event),
    signal: signal ?? never,
  });
}

const never = new AbortController().signal;
const quiet = (): void => undefined;
/** Until it is taken away. */
const STAYS: Trial = { timeToLive: undefined };
const journalFolder = (): DeploymentFolder => new DeploymentFolder(store, 'shop');
const names = (): string[] => proxy.calls.map(({ name }) => name);
const warnings = (events: readonly DeployEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'log' && event.level === 'warning' ? [event.message] : []));
const clocksAt = async (): Promise<string[]> =>
  (await madeAt(aws)).filter((each) => each.includes('recsys-clock'));

async function clockStack(): Promise<Stack | undefined> {
  const { Stacks = [] } = await aws.cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks.find(({ StackName }) => StackName === CLOCK);
}
const setTo = async (): Promise<string | undefined> =>
  (await clockStack())?.Parameters?.find(({ ParameterKey }) => ParameterKey === 'Time')?.ParameterValue;

async function removed(): Promise<Removal> {
  return deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
}

beforeAll(async () => {
  served = await serveByMoto(folder);
  ({ aws, packages, proxy } = served);
  answer = (body) => served.answers[0]?.(body);
}, 60_000);
afterAll(async () => {
  await served.stop();
  for (const each of [folder, ...scratch]) fs.rmSync(each, { recursive: true, force: true });
});
beforeEach(async () => {
  await served.reset('endpoint');
  store = path.join(temporaryFolder(), '.recsys');
  scratch.push(path.dirname(store));
});

const denied: Failure = {
  ...{ how: 'error', status: 403, code: 'AccessDenied' },
  message: 'User: u is not authorized to perform this',
};

describe('the clock of an endpoint', () => {
  it('is set before the endpoint is made, moved by updates, kept by going back, and goes with the endpoint', async () => {
    const first = await run();
    expect(first.clock).toBe(true);
    expect(names().indexOf('CreateStack')).toBeLessThan(names().indexOf('CreateEndpoint'));
    expect(await setTo()).toBe(clockTime(first.plan.expires ?? ''));
    const tags = JSON.stringify((await clockStack())?.Tags);
    expect(tags).toContain('recsys:workspace');
    expect(tags).toContain(first.plan.expires);
    expect(await clocksAt()).toHaveLength(2);
    expect(knownEndpoint(journalFolder())).toMatchObject({ expires: first.plan.expires, clock: true });

    proxy.calls.length = 0;
    const second = await run({ timeToLive: 48 * HOUR });
    expect(names().indexOf('UpdateStack')).toBeLessThan(names().indexOf('UpdateEndpoint'));
    expect(await setTo()).toBe(clockTime(second.plan.expires ?? ''));
    expect(JSON.stringify((await clockStack())?.Tags)).toContain(second.plan.expires);

    proxy.calls.length = 0;
    expect(await rollBack(await openAtMoto(), journalFolder(), never, quiet)).toBe(first.plan.id);
    expect(names().filter((name) => name.endsWith('Stack'))).toEqual([]);
    expect(await setTo()).toBe(clockTime(second.plan.expires ?? ''));
    expect(knownEndpoint(journalFolder())).toMatchObject({ expires: second.plan.expires, clock: true });

    expect(await removed()).toMatchObject({ remaining: [], left: [] });
    expect(await madeAt(aws)).toEqual([]);
  });

  it('takes the endpoint away with the role that its template gives it, and a sweep clears the rest', async () => {
    await run({ timeToLive: 1 });
    // It is never set to a time that is over.
    expect(Date.parse(`${(await setTo()) ?? ''}Z`)).toBeGreaterThan(Date.now());
    const told = await aws.cloudFormation.send(new GetTemplateCommand({ StackName: CLOCK }));
    const { Resources } = Scheduled.parse(JSON.parse(told.TemplateBody ?? ''));
    const { Input, Arn } = Resources.Clock.Properties.Target;
    expect(Arn['Fn::Sub']).toMatch(/:scheduler:::aws-sdk:sagemaker:deleteEndpoint$/);
    const input = z.object({ EndpointName: z.string() }).parse(JSON.parse(Input));
    await aws.sagemaker.send(new DeleteEndpointCommand(input));

    expect(await statusText(aws, journalFolder())).toBe('gone');
    expect(knownEndpoint(journalFolder())).toMatchObject({ state: 'inService', clock: true });
    const [swept] = await sweep(await openAtMoto(), store, never);
    expect(swept?.removal).toMatchObject({ remaining: [], left: [] });
    expect(await madeAt(aws)).toEqual([]);
    const ended = knownEndpoint(journalFolder());
    expect(ended).toMatchObject({ state: 'ended', ranOut: true, pieces: [] });
    expect(ended?.failure).toBeUndefined();
  });

  it('that has struck is no obstacle to the next deployment', async () => {
    await run({ timeToLive: 1 });
    await aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'shop' }));
    const again = await run();
    expect(await setTo()).toBe(clockTime(again.plan.expires ?? ''));
    await removed();
    expect(await madeAt(aws)).toEqual([]);
  });

  it('goes where the endpoint is to stay, and comes back with a model that had a time', async () => {
    const first = await run();
    const second = await run(STAYS);
    expect([second.clock, await clocksAt()]).toEqual([false, []]);
    expect(expiryOf(journalFolder().ledger())).toBeUndefined();
    await rollBack(await openAtMoto(), journalFolder(), never, quiet);
    expect(await setTo()).toBe(clockTime(first.plan.expires ?? ''));
    expect(hasClock(journalFolder().ledger())).toBe(true);
    await removed();
    expect(await madeAt(aws)).toEqual([]);
  });

  it('is not set where nobody wants it, or nothing is to end', async () => {
    const events: DeployEvent[] = [];
    const without = await run({ clock: false, events });
    expect([without.clock, names().includes('CreateStack')]).toEqual([false, false]);
    const known = knownEndpoint(journalFolder());
    expect(known?.expires).toBe(without.plan.expires);
    expect(known?.clock).toBeUndefined();
    await run({ ...STAYS, events });
    expect(events.some((event) => event.type === 'step' && event.name === 'clock')).toBe(false);
    expect(await clocksAt()).toEqual([]);
  });

  it('whose journal was lost is found again with its endpoint', async () => {
    const first = await run();
    await run({ timeToLive: 48 * HOUR });
    fs.rmSync(journalFolder().folder, { recursive: true });
    // The deployment fails, so what answers keeps the time that its clock had.
    proxy.fail(/^UpdateEndpoint$/, refused);
    const second = await setTo();
    await toldFailure(run({ timeToLive: 1000 * HOUR }));
    expect(await setTo()).toBe(second);
    expect(second).not.toBe(clockTime(first.plan.expires ?? ''));
    fs.rmSync(journalFolder().folder, { recursive: true });
    await run(STAYS);
    expect(await clocksAt()).toEqual([]);
  });

  it('that was taken away is none that costs money is told to end by', async () => {
    proxy.own.set('GetProducts', () => ({ status: 200, body: '{"PriceList":[]}' }));
    await run({ timeToLive: 1 });
    await run(STAYS);
    const client = await openAtMoto();
    const prices = new InstancePrices(client, new PriceCache(path.join(path.dirname(store), 'cache')));
    const { things } = await findCosts(client, {
      ...{ regions: [REGION], prices, signal: never, storeFolder: store },
    });
    const endpoint = things.find(({ kind }) => kind === 'endpoint');
    expect([endpoint?.expires, endpoint?.isOver]).toEqual([undefined, false]);
  });

  it('is found among what costs money, and goes with its endpoint', async () => {
    proxy.own.set('GetProducts', () => ({ status: 200, body: '{"PriceList":[]}' }));
    await run({ timeToLive: 1 });
    const { plan } = await run();
    const client = await openAtMoto();
    const prices = new InstancePrices(client, new PriceCache(path.join(path.dirname(store), 'cache')));
    const storeFolder = path.join(temporaryFolder(), '.recsys');
    scratch.push(path.dirname(storeFolder));
    const { things } = await findCosts(client, { regions: [REGION], prices, signal: never, storeFolder });
    expect(things.find(({ kind }) => kind === 'clock')).toMatchObject({
      ...{ name: CLOCK, endpoint: 'shop', price: { type: 'nothing' } },
    });
    // The endpoint itself has the tags of its first deployment.
    const endpoint = things.find(({ kind }) => kind === 'endpoint');
    expect(endpoint).toMatchObject({ expires: plan.expires, isOver: false });
    const arn = endpoint?.arn ?? '';
    const context = { aws: client, storeFolder, signal: never, onWait: quiet };
    // What takes the endpoint away stays as long as that does.
    proxy.fail(/^DeleteEndpoint$/, broken, 2);
    const chosen = withCompanions([arn], things);
    expect((await removeThings(context, chosen)).remaining.map(({ piece }) => piece)).toEqual([
      ...['endpoint shop in eu-central-1', `clock ${CLOCK} in eu-central-1`],
    ]);
    const left = chosen.filter(({ kind }) => kind === 'endpoint' || kind === 'clock');
    expect((await removeThings(context, left)).remaining).toEqual([]);
    expect((await madeAt(aws)).filter((each) => !each.startsWith('bucket'))).toEqual([]);
  });
});

const Scheduled = z.object({
  Resources: z.object({
    Clock: z.object({
      Properties: z.object({
        Target: z.object({ Input: z.string(), Arn: z.object({ 'Fn::Sub': z.string() }) }),
      }),
    }),
  }),
});

describe('whoever may not set one', () => {
  it.each(['CreateStack', 'DescribeStacks'])('is told so, and the endpoint is made (%s)', async (call) => {
    proxy.fail(new RegExp(`^${call}$`), denied, 9);
    const events: DeployEvent[] = [];
    const { clock } = await run({ events });
    expect(clock).toBe(false);
    expect(warnings(events).join()).toMatch(
      /Nothing at AWS takes the endpoint away at its time.*not authorized/,
    );
    proxy.heal();
    expect(await clocksAt()).toEqual([]);
    const known = knownEndpoint(journalFolder());
    expect([known?.state, known?.clock]).toEqual(['inService', undefined]);
    await removed();
    expect(await madeAt(aws)).toEqual([]);
  });

  it('nor whoever deploys where there are none', async () => {
    const message = 'Template format error: Unrecognized resource types: [AWS::Scheduler::Schedule]';
    proxy.fail(/^CreateStack$/, { ...refused, message });
    const events: DeployEvent[] = [];
    expect((await run({ events })).clock).toBe(false);
    expect(warnings(events).join()).toContain('Unrecognized resource types');
    expect(journalFolder().ledger().pieces.has(`clock:${CLOCK}`)).toBe(false);
  });

  describe('what is in it', () => {
    const workspace = (): string =>
      journalFolder()
        .journal.entries()
        .flatMap((entry) => (entry.type === 'intent' ? (entry.tags['recsys:workspace'] ?? []) : []))[0] ?? '';

    let heal = (): void => undefined;
    const rolledBack = (why: string): void => {
      heal = rollsBack(proxy, { stack: CLOCK, resource: 'ClockRole', why, workspace });
    };
    afterEach(() => {
      heal();
    });

    it('is told so too, and the endpoint is made', async () => {
      rolledBack('User u is not authorized to perform iam:CreateRole');
      const events: DeployEvent[] = [];
      expect((await run({ events })).clock).toBe(false);
      expect(warnings(events).join()).toContain('ClockRole: User u is not authorized');
      expect(names()).toContain('DeleteStack');
      expect(await clocksAt()).toEqual([]);
      expect(hasClock(journalFolder().ledger())).toBe(false);
    });

    it('where it fails otherwise, so does the deployment', async () => {
      rolledBack('Rate exceeded');
      const { message, hint } = await toldFailure(run());
      expect(message).toContain(`The clock ${CLOCK} did not come to be: it is ROLLBACK_COMPLETE. ClockRole`);
      expect(hint).toContain('--no-clock');
      expect(await madeAt(aws)).toEqual([]);
    });
  });
});

describe('each call that fails', () => {
  it.each(FAILING_CALLS)('%s, %s: nothing stays', async (name, _, failure) => {
    proxy.fail(new RegExp(`^${name}$`), failure, 2);
    const isMade = await run().then(
      () => true,
      () => false,
    );
    if (isMade) await removed();
    await sweep(await openAtMoto(), store, never);
    expect(await madeAt(aws)).toEqual([]);
    expect([...journalFolder().ledger().pieces.keys()]).toEqual([]);
  });

  it.each<[string, Failure]>([
    ['UpdateStack', refused],
    ['UpdateStack', denied],
    ['UpdateStack', broken],
    ['UpdateStack', { how: 'lost' }],
    ['UpdateEndpoint', refused],
    ['InvokeEndpoint', refused],
  ])('%s of an update (%o): the earlier model stays, and its clock', async (name, failing) => {
    const first = await run();
    proxy.fail(new RegExp(`^${name}$`), failing, 2);
    const { message } = await toldFailure(run({ timeToLive: HOUR }));
    expect(message).toContain('earlier model');
    proxy.heal();
    await sweep(await openAtMoto(), store, never);
    const ledger = journalFolder().ledger();
    expect([ledger.live?.id, expiryOf(ledger), hasClock(ledger)]).toEqual([
      ...[first.plan.id, first.plan.expires, true],
    ]);
    expect(await setTo()).toBe(clockTime(first.plan.expires ?? ''));
    await removed();
    expect(await madeAt(aws)).toEqual([]);
  });

  it('a clock that cannot be taken away ends the deployment that is to stay', async () => {
    const first = await run();
    proxy.fail(/^DeleteStack$/, broken, 2);
    expect((await toldFailure(run(STAYS))).message).toContain('would take the endpoint away at its time');
    expect(journalFolder().ledger().live?.id).toBe(first.plan.id);
    expect(await setTo()).toBe(clockTime(first.plan.expires ?? ''));
    expect(hasClock(journalFolder().ledger())).toBe(true);
  });

  it('an endpoint that cannot be taken away keeps its clock', async () => {
    await run();
    proxy.fail(/^DeleteEndpoint$/, broken, 2);
    expect((await removed()).remaining.map(({ piece }) => piece)).toEqual([
      'endpoint shop',
      `clock ${CLOCK}`,
    ]);
    expect(await setTo()).toBeDefined();
    await removed();
    expect(await madeAt(aws)).toEqual([]);
  });

  it('cancelled while it is set: nothing stays', async () => {
    const controller = new AbortController();
    proxy.fail(/^CreateStack$/, { how: 'then', action: () => controller.abort() });
    expect((await toldFailure(run({ signal: controller.signal }))).exitCode).toBe(130);
    expect(names()).not.toContain('CreateEndpoint');
    expect(await madeAt(aws)).toEqual([]);
  });
});

describe('a process that is killed right after a call', () => {
  const program = path.join(folder, 'deploy-child.mjs');
  beforeAll(async () => {
    await bundlePrograms(['test/peers/support/deploy-child.ts'], folder);
    fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'junction');
  });

  async function killedAt(call: string, hours: number): Promise<void> {
    proxy.answer = answer;
    const child = spawn(process.execPath, [program, store, packages[0], ROLE, '0', String(hours)]);
    const gone = once(child, 'exit');
    proxy.fail(new RegExp(`^${call}$`), { how: 'then', action: () => child.kill('SIGKILL') });
    const [code, signal] = (await gone) as [number | null, NodeJS.Signals | null];
    expect([code, signal]).toEqual([null, 'SIGKILL']);
  }

  it.each(['CreateStack', 'CreateEndpoint'])('%s: the sweep leaves nothing', async (call) => {
    await killedAt(call, 8);
    // What was made ends though nobody comes back.
    expect(await setTo()).toBeDefined();
    await sweep(await openAtMoto(), store, never);
    expect(await madeAt(aws)).toEqual([]);
  });

  it.each(['UpdateStack', 'UpdateEndpoint'])('%s: the sweep sets the clock back', async (call) => {
    const first = await run();
    await killedAt(call, 1);
    expect(await setTo()).not.toBe(clockTime(first.plan.expires ?? ''));
    expect(knownEndpoint(journalFolder())?.clock).toBeUndefined();
    await sweep(await openAtMoto(), store, never);
    expect(await setTo()).toBe(clockTime(first.plan.expires ?? ''));
    expect(knownEndpoint(journalFolder())).toMatchObject({ state: 'inService', clock: true });
  });
});
