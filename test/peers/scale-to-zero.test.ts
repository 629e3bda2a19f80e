/**
 * Endpoints that scale to zero, against moto's server, whose CloudFormation passes over components, scaling and alarms. Needs
 * an interpreter with moto in RECSYS_PYTHON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { DescribeStacksCommand, GetTemplateCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { DescribeEndpointConfigCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withCompanions } from '../../src/protocol/companions.ts';
import type { DeployEvent } from '../../src/protocol/deployment.ts';
import { clockTimes } from '../../src/pipeline/deploy/clock-template.ts';
import type { Aws } from '../../src/pipeline/deploy/aws/aws-clients.ts';
import { findCosts } from '../../src/pipeline/deploy/aws/costs.ts';
import { deploy, type Deployed } from '../../src/pipeline/deploy/aws/deploy.ts';
import type { DeployRequest } from '../../src/pipeline/deploy/aws/deploy-plan.ts';
import { deleteEndpoint, requireEndpoint, rollBack, sweep } from '../../src/pipeline/deploy/aws/endpoints.ts';
import { InstancePrices } from '../../src/pipeline/deploy/aws/instance-prices.ts';
import { invokeEndpoint } from '../../src/pipeline/deploy/aws/invoke.ts';
import type { Removal } from '../../src/pipeline/deploy/aws/remove-pieces.ts';
import { removeThings } from '../../src/pipeline/deploy/aws/remove-things.ts';
import { DeploymentFolder } from '../../src/pipeline/deploy/deployment-folder.ts';
import { knownEndpoint } from '../../src/pipeline/deploy/known-endpoint.ts';
import { PriceCache } from '../../src/pipeline/deploy/price-cache.ts';
import { bundlePrograms } from '../unit/support/bundle-programs.ts';
import { predictFunction } from '../unit/support/lambda.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { openAtMoto, REGION, toldFailure } from './support/at-moto.ts';
import type { AwsProxy, Failure } from './support/aws-proxy.ts';
import { FAILING_CALLS, broken, refused, rollsBack } from './support/failing-stacks.ts';
import { fakeArchive } from './support/fake-archive.ts';
import { madeAt } from './support/made-at.ts';
import { serveByMoto, type ServedByMoto } from './support/served-by-moto.ts';

const ROLE = 'arn:aws:iam::123456789012:role/endpoint';
const COMPONENT = 'recsys-zero-shop';
const HOUR = 3_600_000;
const folder = temporaryFolder();
const scratch: string[] = [];
let served: ServedByMoto;
let aws: Aws;
let proxy: AwsProxy;
let packages: readonly [string, string];
let store: string;

const TO_ZERO = {
  ...{ memory: undefined, concurrency: undefined, mostInstances: 2 },
  ...{ instance: 'ml.m5.large', toZero: true },
};

interface Trial extends Partial<DeployRequest> {
  readonly which?: 0 | 1;
  readonly events?: DeployEvent[];
  readonly signal?: AbortSignal;
}

async function run({ which = 0, events = [], signal, ...more }: Trial = {}): Promise<Deployed> {
  proxy.answer = (body) => served.answers[which]?.(body);
  const request: DeployRequest = {
    ...{ storeFolder: store, packageFolder: packages[which], role: ROLE, endpoint: 'shop' },
    ...{ prepareArchive: fakeArchive(1000 + which), capacity: TO_ZERO },
    source: { run: '20261130-010203004-abcd', model: ['markov', 'popularity'][which] ?? '', kind: 'markov' },
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
const journalFolder = (): DeploymentFolder => new DeploymentFolder(store, 'shop');
const names = (): string[] => proxy.calls.map(({ name }) => name);
const bodies = (call: string): string[] =>
  proxy.calls.flatMap(({ name, body }) => (name === call ? [body] : []));

async function stackAt(name: string): Promise<Stack | undefined> {
  const { Stacks = [] } = await aws.cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks.find(({ StackName }) => StackName === name);
}
async function parameters(name = COMPONENT): Promise<Record<string, string | undefined>> {
  const { Parameters = [] } = (await stackAt(name)) ?? {};
  return Object.fromEntries(
    Parameters.map(({ ParameterKey = '', ParameterValue }) => [ParameterKey, ParameterValue]),
  );
}
const answering = async (): Promise<string | undefined> => (await parameters())['Model'];

async function removed(): Promise<Removal> {
  return deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
}

beforeAll(async () => {
  served = await serveByMoto(folder);
  ({ aws, packages, proxy } = served);
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

const asleep: Failure = {
  ...{ how: 'error', status: 400, code: 'ValidationError' },
  message:
    'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress',
};

describe('an endpoint that scales to zero', () => {
  it('is made with a component, updated and rolled back by it, and goes after it', async () => {
    const events: DeployEvent[] = [];
    const first = await run({ events });
    expect(first.plan.capacity).toEqual({ type: 'toZero', instance: 'ml.m5.large', most: 2, memory: 1024 });
    const done = events.flatMap((event) =>
      event.type === 'step' && event.state === 'done' ? [event.name] : [],
    );
    expect(done.slice(-3)).toEqual(['wait', 'component', 'smoke']);
    const { ProductionVariants, ExecutionRoleArn } = Configured.parse(
      JSON.parse(bodies('CreateEndpointConfig')[0] ?? ''),
    );
    expect(ExecutionRoleArn).toBe(ROLE);
    expect(ProductionVariants).toEqual([
      {
        ...{ VariantName: 'AllTraffic', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
        ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 2 },
        RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
      },
    ]);
    expect(await parameters()).toEqual({ Model: first.plan.pieces, Memory: '1024', Most: '2' });
    expect(knownEndpoint(journalFolder())).toMatchObject({ component: 'shop', state: 'inService' });

    proxy.calls.length = 0;
    const second = await run({ which: 1 });
    expect(await answering()).toBe(second.plan.pieces);
    expect(names()).not.toContain('UpdateEndpoint');
    expect(names()).not.toContain('CreateEndpointConfig');
    expect(JSON.stringify((await stackAt(COMPONENT))?.Tags)).toContain(second.plan.id);
    const { live, previous } = journalFolder().ledger();
    expect([live?.id, previous?.id]).toEqual([second.plan.id, first.plan.id]);

    expect(await rollBack(await openAtMoto(), journalFolder(), never, quiet)).toBe(first.plan.id);
    expect(await answering()).toBe(first.plan.pieces);
    expect(journalFolder().ledger().previous?.id).toBe(second.plan.id);

    const third = await run({ which: 1 });
    expect(journalFolder().ledger().previous?.id).toBe(first.plan.id);
    const there = await madeAt(aws);
    expect(there).not.toContain(`model ${second.plan.pieces}`);
    expect(there).toContain(`model ${third.plan.pieces}`);
    // The endpoint keeps its own, whichever model answers.
    expect(there.filter((each) => each.startsWith('configuration'))).toEqual([
      `configuration ${first.plan.pieces}`,
    ]);

    proxy.calls.length = 0;
    expect(await removed()).toMatchObject({ remaining: [], left: [] });
    expect(names().indexOf('DeleteStack')).toBeLessThan(names().indexOf('DeleteEndpoint'));
    expect(await madeAt(aws)).toEqual([]);
  });

  it('is asked by the name of its component, and one that has no instance is told to start', async () => {
    await run();
    const ask = async (): Promise<unknown> =>
      invokeEndpoint(await openAtMoto(), journalFolder(), '{"instances":["x"]}', never);
    const asked: unknown[] = [];
    proxy.onRequest = (name, headers) => {
      if (name === 'InvokeEndpoint') asked.push(headers['x-amzn-sagemaker-inference-component']);
    };
    expect(await ask()).toMatchObject({ status: 200 });
    expect(asked).toEqual(['shop']);
    proxy.fail(/^InvokeEndpoint$/, asleep);
    const { message, hint } = await toldFailure(ask());
    expect(message).toContain('has scaled to zero');
    expect(hint).toContain('AWS starts one now');
  });

  it('that sleeps while it is updated is waited for', async () => {
    await run();
    proxy.fail(/^InvokeEndpoint$/, asleep, 20);
    const second = await run({ which: 1 });
    expect(await answering()).toBe(second.plan.pieces);
    expect(names().filter((name) => name === 'InvokeEndpoint').length).toBeGreaterThan(20);
  });

  it('has a clock that takes the component away first', async () => {
    const { plan } = await run({ timeToLive: 8 * HOUR });
    expect(await parameters('recsys-clock-shop')).toEqual(clockTimes(plan.expires ?? '', true));
    const second = await run({ timeToLive: 48 * HOUR });
    expect(await parameters('recsys-clock-shop')).toEqual(clockTimes(second.plan.expires ?? '', true));
    proxy.fail(/^InvokeEndpoint$/, refused);
    await toldFailure(run({ timeToLive: HOUR }));
    expect(await parameters('recsys-clock-shop')).toEqual(clockTimes(second.plan.expires ?? '', true));
    expect(await removed()).toMatchObject({ remaining: [], left: [] });
    expect(await madeAt(aws)).toEqual([]);
  });

  it('has a REST front that names the component', async () => {
    await run({ front: { access: 'iam' } });
    const told = await aws.cloudFormation.send(new GetTemplateCommand({ StackName: 'recsys-rest-shop' }));
    const { Resources } = FrontResources.parse(JSON.parse(told.TemplateBody ?? ''));
    const { Code, Environment } = Resources.Predict.Properties;
    expect(Environment.Variables).toMatchObject({ ENDPOINT: 'shop', COMPONENT: 'shop' });
    process.env['AWS_REGION'] = REGION;
    const env = { ENDPOINT: 'shop', COMPONENT: 'shop', MAX_K: '100', EXCLUDE_QUERY: 'true' };
    const predict = predictFunction(Code.ZipFile, { env, require: createRequire(import.meta.url) });
    const asked: unknown[] = [];
    proxy.onRequest = (name, headers) => {
      if (name === 'InvokeEndpoint') asked.push(headers['x-amzn-sagemaker-inference-component']);
    };
    expect((await predict({ rawQueryString: 'session=a' })).statusCode).toBe(200);
    expect(asked).toEqual(['shop']);
    proxy.fail(/^InvokeEndpoint$/, asleep);
    const { statusCode, headers, body } = await predict({ rawQueryString: 'session=a' });
    expect([statusCode, headers['retry-after']]).toEqual([503, '60']);
    expect(body).toContain('in some minutes');
  });

  it('whose journal was lost is found again with its component', async () => {
    const first = await run();
    const second = await run({ which: 1 });
    fs.rmSync(journalFolder().folder, { recursive: true });
    // The deployment fails, so that what answered before is given back.
    proxy.fail(/^InvokeEndpoint$/, refused);
    await toldFailure(run());
    expect(await answering()).toBe(second.plan.pieces);
    const { live, pieces } = journalFolder().ledger();
    expect(live?.id).toBe(second.plan.id);
    expect([...pieces.keys()]).toEqual(
      expect.arrayContaining([
        ...[`component:${COMPONENT}`, `model:${second.plan.pieces}`],
        `endpoint-config:${first.plan.pieces}`,
      ]),
    );
    expect(await removed()).toMatchObject({ remaining: [] });
    const left = (await madeAt(aws)).filter((each) => !/^(object|bucket|model) /.test(each));
    expect(left).toEqual([]);
  });

  it('is found among what costs money, with what it costs when it is up, and its component goes with it', async () => {
    const price = {
      product: { attributes: { usagetype: 'EUC1-Host:ml.m5.large' } },
      terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: '0.115' } } } } } },
    };
    const body = JSON.stringify({ PriceList: [JSON.stringify(price)] });
    proxy.own.set('GetProducts', () => ({ status: 200, body }));
    proxy.amended.set('DescribeEndpoint', (_, told) => ({
      ...told,
      ProductionVariants: [{ VariantName: 'AllTraffic', CurrentInstanceCount: 0 }],
    }));
    const client = await openAtMoto();
    const prices = new InstancePrices(client, new PriceCache(path.join(path.dirname(store), 'cache')));
    const { plan } = await run({ prices });
    expect(plan.price).toMatchObject({ type: 'known', usd: 0.115 });
    const storeFolder = path.join(temporaryFolder(), '.recsys');
    scratch.push(path.dirname(storeFolder));
    const { things, hourly } = await findCosts(client, {
      regions: [REGION],
      prices,
      signal: never,
      storeFolder,
    });
    const endpoint = things.find(({ kind }) => kind === 'endpoint');
    expect(endpoint).toMatchObject({
      ...{ on: '0 × ml.m5.large now, 0 to 2', price: { type: 'known', usd: 0, each: 0.115 } },
    });
    expect([endpoint?.soFar, hourly]).toEqual([undefined, 0]);
    expect(things.find(({ kind }) => kind === 'component')).toMatchObject({
      ...{ name: COMPONENT, endpoint: 'shop', price: { type: 'nothing' } },
    });
    const chosen = withCompanions([endpoint?.arn ?? ''], things);
    proxy.calls.length = 0;
    const context = { aws: client, storeFolder, signal: never, onWait: quiet };
    expect((await removeThings(context, chosen)).remaining).toEqual([]);
    expect(names().indexOf('DeleteStack')).toBeLessThan(names().indexOf('DeleteEndpoint'));
    expect((await madeAt(aws)).filter((each) => !each.startsWith('bucket'))).toEqual([]);
  });

  afterEach(() => {
    proxy.onRequest = quiet;
    proxy.own.clear();
    proxy.amended.clear();
  });
});

const Configured = z.object({
  ProductionVariants: z.array(z.unknown()),
  ExecutionRoleArn: z.optional(z.string()),
});
const FrontResources = z.object({
  Resources: z.object({
    Predict: z.object({
      Properties: z.object({
        Code: z.object({ ZipFile: z.string() }),
        Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
      }),
    }),
  }),
});

describe('what does not go together', () => {
  const SERVERLESS = { ...TO_ZERO, instance: undefined, mostInstances: undefined, toZero: false };

  it('is refused before anything is made', async () => {
    const { message } = await toldFailure(run({ capacity: { ...SERVERLESS, toZero: true } }));
    expect(message).toContain('a serverless endpoint costs nothing when idle as it is');
    expect(await madeAt(aws)).toEqual([]);
  });

  it.each([
    ['to zero', 'serverless', TO_ZERO, SERVERLESS, 'scales from zero to 2 × ml.m5.large'],
    ['serverless', 'to zero', SERVERLESS, TO_ZERO, 'does not scale to zero'],
    ['to zero', 'more', TO_ZERO, { ...TO_ZERO, mostInstances: 3 }, 'an update cannot change that'],
    ['to zero', 'others', TO_ZERO, { ...TO_ZERO, instance: 'ml.m5.xlarge' }, 'an update cannot change that'],
  ])('an update of %s to %s', async (_, __, before, after, said) => {
    const first = await run({ capacity: before });
    const there = await madeAt(aws);
    const { message, hint } = await toldFailure(run({ capacity: after, which: 1 }));
    expect(message).toContain(said);
    expect(hint).toContain('another name');
    expect(journalFolder().ledger().live?.id).toBe(first.plan.id);
    expect(await madeAt(aws)).toEqual(there);
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
    ['UpdateStack', broken],
    ['UpdateStack', { how: 'lost' }],
    ['InvokeEndpoint', refused],
    ['CreateModel', refused],
  ])('%s of an update (%o): the earlier model answers', async (name, failing) => {
    const first = await run();
    const before = await madeAt(aws);
    proxy.fail(new RegExp(`^${name}$`), failing, 2);
    const { message } = await toldFailure(run({ which: 1 }));
    expect(message).toContain('earlier model');
    proxy.heal();
    await sweep(await openAtMoto(), store, never);
    const { live, updating } = journalFolder().ledger();
    expect([live?.id, updating, await answering()]).toEqual([first.plan.id, false, first.plan.pieces]);
    expect(await madeAt(aws)).toEqual(before);
    await removed();
    expect(await madeAt(aws)).toEqual([]);
  });

  it('a component that CloudFormation does not make is told with its reasons', async () => {
    const why = 'not enough memory';
    const heal = rollsBack(proxy, { stack: COMPONENT, resource: 'Component', why, workspace: () => '' });
    const { message, hint } = await toldFailure(run());
    expect(message).toContain('did not come to be: it is ROLLBACK_COMPLETE. Component: not enough memory');
    expect(hint).toContain('/aws/sagemaker/InferenceComponents');
    heal();
  });

  it('one that cannot be taken away is told, and goes the next time', async () => {
    await run();
    proxy.fail(/^DeleteStack$/, broken, 2);
    expect((await removed()).remaining.map(({ piece }) => piece)).toEqual([
      `inference component ${COMPONENT}`,
    ]);
    await sweep(await openAtMoto(), store, never);
    expect(await madeAt(aws)).toEqual([]);
  });

  it('cancelled while it is made: nothing stays', async () => {
    const controller = new AbortController();
    proxy.fail(/^CreateStack$/, { how: 'then', action: () => controller.abort() });
    expect((await toldFailure(run({ signal: controller.signal }))).exitCode).toBe(130);
    expect(await madeAt(aws)).toEqual([]);
  });
});

describe('a process that is killed right after a call', () => {
  const program = path.join(folder, 'deploy-child.mjs');
  beforeAll(async () => {
    await bundlePrograms(['test/peers/support/deploy-child.ts'], folder);
    fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'junction');
  });

  async function killedAt(call: string): Promise<void> {
    proxy.answer = (body) => served.answers[0]?.(body);
    const child = spawn(process.execPath, [program, store, packages[0], ROLE, '0', 'zero']);
    const gone = once(child, 'exit');
    proxy.fail(new RegExp(`^${call}$`), { how: 'then', action: () => child.kill('SIGKILL') });
    const [code, signal] = (await gone) as [number | null, NodeJS.Signals | null];
    expect([code, signal]).toEqual([null, 'SIGKILL']);
  }

  it.each(['CreateEndpointConfig', 'CreateEndpoint', 'CreateStack'])(
    '%s: the sweep leaves nothing',
    async (call) => {
      await killedAt(call);
      expect((await madeAt(aws)).length).toBeGreaterThan(0);
      await sweep(await openAtMoto(), store, never);
      expect(await madeAt(aws)).toEqual([]);
    },
  );

  it('UpdateStack: the sweep gives the earlier model back', async () => {
    const first = await run({ capacity: { ...TO_ZERO, mostInstances: undefined } });
    await killedAt('UpdateStack');
    expect(await answering()).not.toBe(first.plan.pieces);
    await sweep(await openAtMoto(), store, never);
    expect(await answering()).toBe(first.plan.pieces);
    expect(knownEndpoint(journalFolder())).toMatchObject({ state: 'inService', component: 'shop' });
    const config = new DescribeEndpointConfigCommand({ EndpointConfigName: first.plan.pieces });
    expect((await aws.sagemaker.send(config)).ProductionVariants).toHaveLength(1);
  });
});
