/**
 * Deploying, against moto's server: the whole life cycle, and each call made to fail in turn. Real AWS is not reached.
 * Needs an interpreter with moto in RECSYS_PYTHON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import {
  CreateStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  ListEndpointsCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withCompanions } from '../../src/protocol/companions.ts';
import type { CostsReport } from '../../src/protocol/costs.ts';
import type { DeployEvent } from '../../src/protocol/deployment.ts';
import { UserError } from '../../src/protocol/user-error.ts';
import type { Aws } from '../../src/pipeline/deploy/aws/aws-clients.ts';
import { findCosts } from '../../src/pipeline/deploy/aws/costs.ts';
import { InstancePrices } from '../../src/pipeline/deploy/aws/instance-prices.ts';
import { removeThings } from '../../src/pipeline/deploy/aws/remove-things.ts';
import { PriceCache } from '../../src/pipeline/deploy/price-cache.ts';
import { deploy, type Deployed } from '../../src/pipeline/deploy/aws/deploy.ts';
import type { DeployRequest } from '../../src/pipeline/deploy/aws/deploy-plan.ts';
import {
  deleteEndpoint,
  deleteFront,
  requireEndpoint,
  rollBack,
  sweep,
} from '../../src/pipeline/deploy/aws/endpoints.ts';
import { sweepByProfiles } from '../../src/pipeline/deploy/aws/sweep-profiles.ts';
import { knownEndpoint } from '../../src/pipeline/deploy/known-endpoint.ts';
import { DeploymentFolder } from '../../src/pipeline/deploy/deployment-folder.ts';
import { bundlePrograms } from '../unit/support/bundle-programs.ts';
import { lambdaLog, predictFunction } from '../unit/support/lambda.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { openAtMoto, REGION, SECRETS, toldFailure } from './support/at-moto.ts';
import type { AwsProxy, Failure } from './support/aws-proxy.ts';
import { fakeArchive } from './support/fake-archive.ts';
import { madeAt } from './support/made-at.ts';
import { serveByMoto, type ServedByMoto } from './support/served-by-moto.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/endpoint`;
const folder = temporaryFolder();
const scratch: string[] = [];
let served: ServedByMoto;
/** For looking from outside. */
let aws: Aws;
let proxy: AwsProxy;
let packages: readonly [string, string];
let answers: readonly ((body: string) => unknown)[];
let store: string;
let printed = '';

function request(which: 0 | 1, more: Partial<DeployRequest> = {}): DeployRequest {
  return {
    ...{
      storeFolder: store,
      packageFolder: packages[which],
      prepareArchive: fakeArchive(300_000),
      role: ROLE,
    },
    source: { run: '20261130-010203004-abcd', model: ['markov', 'popularity'][which] ?? '', kind: 'markov' },
    capacity: { memory: undefined, concurrency: undefined, instance: undefined, mostInstances: undefined },
    ...more,
  };
}

interface Trial extends Partial<DeployRequest> {
  readonly which?: 0 | 1;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: DeployEvent) => void;
}

async function run({ which = 0, signal, onEvent, ...more }: Trial = {}): Promise<Deployed> {
  proxy.answer = (body) => answers[which]?.(body);
  return deploy(await openAtMoto(), request(which, { endpoint: 'shop', ...more }), {
    confirm: () => Promise.resolve(true),
    onEvent: (event) => {
      printed += JSON.stringify(event);
      onEvent?.(event);
    },
    signal: signal ?? new AbortController().signal,
  });
}

async function failure(trial: Trial = {}): Promise<UserError> {
  const error = await toldFailure(run(trial));
  printed += `${error.message} ${error.hint}`;
  return error;
}

beforeAll(async () => {
  served = await serveByMoto(folder);
  ({ aws, answers, packages, proxy } = served);
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

const journalFolder = (): DeploymentFolder => new DeploymentFolder(store, 'shop');
const never = new AbortController().signal;
const quiet = (): void => undefined;

describe('the life of an endpoint', () => {
  it('is deployed, updated, rolled back and deleted, and nothing stays', async () => {
    const first = await run();
    expect(first.plan.capacity).toEqual({ type: 'serverless', memory: 1024, concurrency: 5 });
    expect(first.milliseconds).toHaveLength(2);
    expect(journalFolder().state()).toMatchObject({ state: 'inService', endpoint: 'shop', account: ACCOUNT });
    expect((await madeAt(aws)).filter((each) => !each.startsWith('object'))).toHaveLength(4);

    const second = await run({ which: 1 });
    const ledger = journalFolder().ledger();
    expect([ledger.live?.id, ledger.previous?.id]).toEqual([second.plan.id, first.plan.id]);
    expect(proxy.updates.get('shop')).toBe(second.plan.pieces);

    expect(await rollBack(await openAtMoto(), journalFolder(), never, quiet)).toBe(first.plan.id);
    expect(proxy.updates.get('shop')).toBe(first.plan.pieces);
    expect(journalFolder().ledger().previous?.id).toBe(second.plan.id);

    const third = await run({ which: 1 });
    expect(journalFolder().ledger().previous?.id).toBe(first.plan.id);
    // One can go back once, so the second one's pieces were taken away.
    expect([...journalFolder().ledger().pieces.keys()].join(' ')).not.toContain(second.plan.pieces);

    const removal = await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(removal).toMatchObject({ remaining: [], left: [] });
    expect(await madeAt(aws)).toEqual([]);
    expect(fs.existsSync(journalFolder().folder)).toBe(false);
    expect(third.plan.endpoint).toBe('shop');
  });

  it('keeps a bucket that another endpoint uses, and takes it away with the last', async () => {
    await run();
    await run({ endpoint: 'other' });
    const first = await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(first.left.join()).toMatch(/bucket .*not empty/);
    await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'other'), never, quiet);
    expect(await madeAt(aws)).toEqual([]);
  });

  it('scales instances, and forgets it with the endpoint', async () => {
    const capacity = { memory: undefined, concurrency: undefined, instance: 'ml.m5.large', mostInstances: 3 };
    await run({ capacity });
    expect(proxy.calls.map(({ name }) => name)).toContain('PutScalingPolicy');
    await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(proxy.calls.map(({ name }) => name)).toContain('DeregisterScalableTarget');
    expect(await madeAt(aws)).toEqual([]);
  });
});

/** With a REST front. */
const FRONT: Trial = { front: { access: 'iam' } };
const CREATING = ['CreateBucket', 'PutObject', 'CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'];
/** S3 takes no parts below 5 MiB but the last. */
const PART = 5 << 20;
const PARTS = { partBytes: PART, prepareArchive: fakeArchive(2 * PART + 1000) };
const IN_PARTS = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'];
const refused: Failure = { how: 'error', status: 400, code: 'ValidationException', message: 'no' };
const broken: Failure = { how: 'error', status: 500, code: 'InternalFailure', message: 'oops' };

describe('each call that fails', () => {
  const failures = {
    refused,
    broken,
    throttled: { how: 'throttle' },
    lost: { how: 'lost' },
  } as const satisfies Record<string, Failure>;
  const cases: readonly (readonly [string, keyof typeof failures])[] = [
    ...[...CREATING, 'CreateMultipartUpload', 'CompleteMultipartUpload', 'CreateStack'].flatMap((name) =>
      (['refused', 'broken', 'lost'] as const).map((how) => [name, how] as const),
    ),
    ...['UploadPart', 'DescribeEndpoint', 'InvokeEndpoint', 'PutBucketEncryption', 'HeadObject'].map(
      (name) => [name, 'broken'] as const,
    ),
    ...[['CreateModel', 'throttled'] as const, ['DescribeEndpoint', 'lost'] as const],
    ...[['CreateStack', 'throttled'] as const, ['DescribeStacks', 'broken'] as const],
    ['DescribeStacks', 'lost'] as const,
  ];
  it.each(cases)('%s, %s: nothing stays', async (name, how) => {
    proxy.fail(new RegExp(`^${name}$`), failures[how], 2);
    const more = name.includes('Stack') ? FRONT : IN_PARTS.includes(name) ? PARTS : {};
    const ended = await run(more).then(
      () => 'deployed',
      (error: unknown) => (error instanceof UserError ? 'told' : String(error)),
    );
    if (ended === 'deployed') {
      // What was done in spite of a lost answer is found again; then it is no failure.
      await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    } else expect(ended).toBe('told');
    await sweep(await openAtMoto(), store, never);
    expect(await madeAt(aws)).toEqual([]);
    expect([...journalFolder().ledger().pieces.keys()]).toEqual([]);
  });

  it.each(['CreateModel', 'UpdateEndpoint', 'InvokeEndpoint'])(
    '%s of an update: the earlier model stays in service',
    async (name) => {
      const first = await run();
      const before = (await madeAt(aws)).length;
      proxy.fail(new RegExp(`^${name}$`), refused);
      const { message } = await failure({ which: 1 });
      expect(message).toContain('answers by its earlier model');
      const { live, pieces } = journalFolder().ledger();
      expect(live?.id).toBe(first.plan.id);
      expect(proxy.updates.get('shop') ?? first.plan.pieces).toBe(first.plan.pieces);
      expect(await madeAt(aws)).toHaveLength(before);
      expect(pieces.size).toBe(before);
    },
  );

  it('an endpoint that fails is told with its reason', async () => {
    proxy.statuses.set('shop', {
      EndpointStatus: 'Failed',
      FailureReason: 'did not pass the ping health check',
    });
    const { message, hint } = await failure();
    expect(message).toContain('did not pass the ping health check');
    expect(hint).toContain('--memory');
    expect(await madeAt(aws)).toEqual([]);
  });

  it('an answer that is not the model’s takes the endpoint away', async () => {
    const other = answers[1];
    const error = await deploy(await openAtMoto(), request(0, { endpoint: 'shop' }), {
      confirm: () => {
        proxy.answer = (body) => other?.(body);
        return Promise.resolve(true);
      },
      onEvent: quiet,
      signal: never,
    }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('does not answer as its model does');
    expect(await madeAt(aws)).toEqual([]);
  });

  it.each(['upload', 'model', 'wait', 'smoke'])('cancelled at %s: nothing stays', async (step) => {
    const controller = new AbortController();
    const onEvent = (event: DeployEvent): void => {
      if (event.type === 'step' && event.name === step && event.state === 'running') controller.abort();
    };
    const { message, exitCode } = await failure({ signal: controller.signal, onEvent });
    expect([message.split('.')[0], exitCode]).toEqual(['The deployment was cancelled', 130]);
    expect(await madeAt(aws)).toEqual([]);
    expect(journalFolder().state()?.state).toBe('cancelled');
  });
});

describe('a process that is killed right after a call', () => {
  const program = path.join(folder, 'deploy-child.mjs');
  beforeAll(async () => {
    await bundlePrograms(['test/peers/support/deploy-child.ts'], folder);
    // What is not bundled is found from here.
    fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'junction');
  });

  /** Starts a deployment, kills it when the call was done, and waits until it is gone. */
  async function killedAt(call: string, inParts: boolean): Promise<void> {
    proxy.answer = (body) => answers[0]?.(body);
    const words = [inParts ? String(PART) : '0', ...(call.includes('Stack') ? ['iam'] : [])];
    const child = spawn(process.execPath, [program, store, packages[0], ROLE, ...words]);
    const gone = once(child, 'exit');
    proxy.fail(new RegExp(`^${call}$`), { how: 'then', action: () => child.kill('SIGKILL') });
    const [code, signal] = (await gone) as [number | null, NodeJS.Signals | null];
    expect([code, signal]).toEqual([null, 'SIGKILL']);
  }

  it.each([...CREATING, 'CompleteMultipartUpload', 'InvokeEndpoint', 'CreateStack'])(
    '%s: the sweep leaves nothing',
    async (call) => {
      await killedAt(call, call.startsWith('Complete'));
      expect((await madeAt(aws)).length).toBeGreaterThan(0);
      await sweep(await openAtMoto(), store, never);
      expect(await madeAt(aws)).toEqual([]);
      expect(journalFolder().ledger()).toMatchObject({ unfinished: undefined, live: undefined });
    },
  );

  it('UploadPart: the next deployment goes on with the parts that are there', async () => {
    await killedAt('UploadPart', true);
    proxy.calls.length = 0;
    await run(PARTS);
    const names = proxy.calls.map(({ name }) => name);
    expect(names).not.toContain('CreateMultipartUpload');
    expect(names.filter((name) => name === 'UploadPart').length).toBeLessThan(3);
    await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(await madeAt(aws)).toEqual([]);
  });
});

const FrontResources = z.object({
  Resources: z.object({
    Predict: z.object({
      Properties: z.object({
        Code: z.object({ ZipFile: z.string() }),
        Environment: z.object({ Variables: z.object({ ENDPOINT: z.string(), MAX_K: z.string() }) }),
      }),
    }),
  }),
});

describe('the REST front', () => {
  const template = async (): Promise<string> => {
    const { Stacks = [] } = await aws.cloudFormation.send(new DescribeStacksCommand({}));
    return JSON.stringify(Stacks.map(({ StackName, Parameters, Tags }) => [StackName, Parameters, Tags]));
  };
  const names = (): string[] => proxy.calls.map(({ name }) => name);

  afterEach(() =>
    ['CreateStack', 'DescribeStacks', 'DescribeStackEvents'].forEach((name) => proxy.own.delete(name)),
  );

  it('is made after the endpoint was asked, stays while models change, and goes with the endpoint', async () => {
    const steps: string[] = [];
    const onEvent = (event: DeployEvent): void => {
      if (event.type === 'step' && event.state === 'done') steps.push(event.name);
    };
    const first = await run({ ...FRONT, onEvent });
    expect(steps.slice(-2)).toEqual(['smoke', 'front']);
    expect(first.front?.url).toMatch(/^https:.*\.execute-api\.eu-central-1\.amazonaws\.com\/predict$/);
    expect(first.front?.arn).toMatch(/^arn:aws:execute-api:eu-central-1:123456789012:.*\/GET\/predict$/);
    const { url: front } = first.front ?? {};
    expect(knownEndpoint(journalFolder())).toMatchObject({ front, frontAccess: 'iam' });
    expect(await madeAt(aws)).toContain('stack recsys-rest-shop');
    expect(await template()).toContain('recsys:run');

    proxy.calls.length = 0;
    const second = await run({ which: 1 });
    expect(second.front).toEqual(first.front);
    expect(names()).not.toContain('UpdateStack');
    await rollBack(await openAtMoto(), journalFolder(), never, quiet);
    expect((await madeAt(aws)).filter((each) => each.startsWith('stack'))).toHaveLength(1);
    expect(journalFolder().ledger().pieces.get('stack:recsys-rest-shop')?.state).toBe('made');

    const removal = await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(removal).toMatchObject({ remaining: [], left: [] });
    expect(await madeAt(aws)).toEqual([]);
  });

  it('answers by the endpoint, with the code that CloudFormation was given and the SDK itself', async () => {
    await run(FRONT);
    const told = await aws.cloudFormation.send(new GetTemplateCommand({ StackName: 'recsys-rest-shop' }));
    const { Resources } = FrontResources.parse(JSON.parse(told.TemplateBody ?? ''));
    const { Code, Environment } = Resources.Predict.Properties;
    const env = { ...Environment.Variables, EXCLUDE_QUERY: 'true' };
    process.env['AWS_REGION'] = REGION;
    const require = createRequire(import.meta.url);
    const predict = predictFunction(Code.ZipFile, { env, require });
    const names = ['item "3" é', 'item "7" é', 'nothing known'];
    const session = names.map(encodeURIComponent).join(',');
    const { statusCode, body } = await predict({ rawQueryString: `session=${session}&k=5` });
    const asked = { items: names, k: 5, exclude_query: true };
    const direct = answers[0]?.(JSON.stringify({ signature_name: 'recommend', instances: [asked] }));
    const [list] = (direct as { predictions: { items: string[]; answered_by: string }[] }).predictions;
    expect(list?.items).toHaveLength(5);
    expect([statusCode, JSON.parse(body)]).toEqual([
      200,
      {
        ...{ prediction: list?.items, endpoint: 'shop', answered_by: list?.answered_by },
        time: expect.any(Number) as number,
      },
    ]);
    proxy.fail(/^InvokeEndpoint$/, { how: 'throttle' }, 2);
    expect((await predict({ rawQueryString: 'session=a' })).statusCode, lambdaLog.join()).toBe(503);
    proxy.fail(/^InvokeEndpoint$/, { ...refused, code: 'ModelError' });
    expect((await predict({ rawQueryString: 'session=a' })).statusCode).toBe(500);
  });

  it('is let by a token from then on when that is asked, and its hash alone is sent', async () => {
    const first = await run(FRONT);
    const tokenHash = 'ab'.repeat(32);
    const second = await run({ front: { access: 'token', tokenHash } });
    expect(second.front?.url).toBe(first.front?.url);
    const update = proxy.calls.find(({ name }) => name === 'UpdateStack')?.body ?? '';
    expect(new URLSearchParams(update).get('Parameters.member.2.ParameterValue')).toBe(tokenHash);
    expect((await madeAt(aws)).filter((each) => each.startsWith('role'))).toHaveLength(2);
    // Deploying without a word about the front leaves it as it is.
    await run({ which: 1 });
    expect(knownEndpoint(journalFolder())?.frontAccess).toBe('token');
    expect(await template()).toContain('TokenHash');
    await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(await madeAt(aws)).toEqual([]);
  });

  it('asks as the model was evaluated that answers, after an update and after going back', async () => {
    await run(FRONT);
    const asks = async (): Promise<string | undefined> =>
      /"ExcludeQuery","ParameterValue":"(\w+)"/.exec(await template())?.[1];
    const before = await asks();
    const other = path.join(folder, 'other');
    fs.cpSync(packages[0], other, { recursive: true });
    const file = path.join(other, 'model.json');
    const text = fs.readFileSync(file, 'utf8');
    const flipped = text.includes('"query-items"')
      ? text.replace(/,?\s*"query-items"/, '')
      : text.replace('"neverReturned": [', '"neverReturned": ["query-items",');
    expect(flipped).not.toBe(text);
    fs.writeFileSync(file, flipped);
    const trial = { packageFolder: other, endpoint: 'shop' };
    // Its lists are compared with the parity fixture of the package, which says how they were asked.
    await run(trial);
    expect(await asks()).not.toBe(before);
    await rollBack(await openAtMoto(), journalFolder(), never, quiet);
    expect(await asks()).toBe(before);
  });

  it('of an update that fails goes alone: the earlier model stays in service', async () => {
    const first = await run();
    const before = (await madeAt(aws)).length;
    proxy.fail(/^CreateStack$/, refused);
    expect((await failure({ ...FRONT, which: 1 })).message).toContain('answers by its earlier model');
    expect(journalFolder().ledger().live?.id).toBe(first.plan.id);
    expect(await madeAt(aws)).toHaveLength(before);
    // It was made, and the deployment was given up then.
    const controller = new AbortController();
    proxy.fail(/^CreateStack$/, { how: 'then', action: () => controller.abort() });
    proxy.calls.length = 0;
    await failure({ ...FRONT, which: 1, signal: controller.signal });
    expect(names()).toContain('DeleteStack');
    expect(journalFolder().ledger().live?.id).toBe(first.plan.id);
    expect(await madeAt(aws)).toHaveLength(before);
  });

  it('that does not come to be is told with AWS’s reasons, and goes with all else', async () => {
    const stack = (status: string): string =>
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>recsys-rest-shop</StackName><StackId>arn:aws:cloudformation:x:1:stack/recsys-rest-shop/1</StackId><StackStatus>${status}</StackStatus><Tags/></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
    const event = (resource: string, reason: string): string =>
      `<member><LogicalResourceId>${resource}</LogicalResourceId><ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason></member>`;
    const events =
      event('Api', 'Resource creation cancelled') + event('PredictRole', 'no iam:CreateRole for you');
    const told = ['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE'];
    let isMade = false;
    proxy.own.set('CreateStack', () => void (isMade = true));
    proxy.own.set('DescribeStacks', () => {
      const status = isMade ? told.shift() : undefined;
      return status === undefined ? undefined : { status: 200, body: stack(status) };
    });
    proxy.own.set('DescribeStackEvents', () => ({
      status: 200,
      body: `<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>${events}</StackEvents></DescribeStackEventsResult></DescribeStackEventsResponse>`,
    }));
    const { message, hint } = await failure(FRONT);
    expect(message).toContain('ROLLBACK_COMPLETE. PredictRole: no iam:CreateRole for you What was made');
    expect(hint).toContain('--rest --print-policy');
    expect(await madeAt(aws)).toEqual([]);
  });

  it.each(['refused', 'broken', 'lost'] as const)(
    'that cannot be changed (%s) stays with the earlier model',
    async (how) => {
      const first = await run(FRONT);
      const before = await madeAt(aws);
      // What is not refused for certain is asked again.
      proxy.fail(
        /^UpdateStack$/,
        { refused, broken, lost: { how: 'lost' } as const }[how],
        how === 'refused' ? 1 : 2,
      );
      const tokenHash = 'ab'.repeat(32);
      const { message } = await failure({ which: 1, front: { access: 'token', tokenHash } });
      expect(message).toContain('answers by its earlier model');
      expect(journalFolder().ledger().live?.id).toBe(first.plan.id);
      // Where the answer was lost, AWS has changed it all the same.
      const isAsBefore = (each: string): boolean => !each.startsWith('role');
      expect((await madeAt(aws)).filter(isAsBefore)).toEqual(before.filter(isAsBefore));
      const again = await run({ which: 1, front: { access: 'token', tokenHash } });
      expect(again.front?.url).toBe(first.front?.url);
      await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
      expect(await madeAt(aws)).toEqual([]);
    },
  );

  it('that cannot be taken away is told, and goes the next time', async () => {
    await run(FRONT);
    proxy.fail(/^DeleteStack$/, broken, 2);
    const { remaining } = await deleteEndpoint(
      await openAtMoto(),
      requireEndpoint(store, 'shop'),
      never,
      quiet,
    );
    expect(remaining.map(({ piece }) => piece)).toEqual(['REST front recsys-rest-shop']);
    expect((await madeAt(aws)).filter((each) => !each.startsWith('role'))).toEqual([
      'stack recsys-rest-shop',
    ]);
    expect(knownEndpoint(journalFolder())?.removal).toBe('endpoint');
    await sweep(await openAtMoto(), store, never);
    expect(await madeAt(aws)).toEqual([]);
    expect(knownEndpoint(journalFolder())?.removal).toBeUndefined();
  });

  it('goes alone where that is asked, and the endpoint stays', async () => {
    await run(FRONT);
    const removal = await deleteFront(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(removal).toEqual({ removed: ['REST front recsys-rest-shop'], left: [], remaining: [] });
    expect((await madeAt(aws)).filter((each) => /^(stack|endpoint|model) /.test(each))).toHaveLength(2);
    const types = journalFolder()
      .journal.entries()
      .slice(-2)
      .map(({ type }) => type);
    expect(types).toEqual(['removal', 'gone']);
    expect(knownEndpoint(journalFolder())).toMatchObject({ state: 'inService' });
    expect(knownEndpoint(journalFolder())?.front).toBeUndefined();
    const none = deleteFront(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    await expect(none).rejects.toThrow('has no REST front');
    // A later deployment makes one again.
    expect((await run({ ...FRONT, which: 1 })).front?.url).toMatch(/predict$/);
  });

  it('that went halfway goes with the next sweep, and the endpoint stays', async () => {
    await run(FRONT);
    proxy.fail(/^DeleteStack$/, broken, 2);
    const { remaining } = await deleteFront(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(remaining.map(({ piece }) => piece)).toEqual(['REST front recsys-rest-shop']);
    expect(knownEndpoint(journalFolder())?.front).toBeDefined();
    expect(knownEndpoint(journalFolder())?.removal).toBe('front');
    await sweep(await openAtMoto(), store, never);
    expect((await madeAt(aws)).filter((each) => /^(stack|endpoint|model) /.test(each))).toHaveLength(2);
    expect(knownEndpoint(journalFolder())).toMatchObject({ state: 'inService' });
    expect(knownEndpoint(journalFolder())?.front).toBeUndefined();
    expect(knownEndpoint(journalFolder())?.failure).toBeUndefined();
  });

  it('of others is left as it is', async () => {
    const body = JSON.stringify({ Resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: {} } } });
    await aws.cloudFormation.send(
      new CreateStackCommand({ StackName: 'recsys-rest-shop', TemplateBody: body }),
    );
    expect((await failure(FRONT)).message).toContain('which RecSys did not make. It was left as it is.');
    expect(await madeAt(aws)).toEqual(['stack recsys-rest-shop']);
  });

  it('whose journal was lost is found again with its endpoint', async () => {
    await run(FRONT);
    fs.rmSync(journalFolder().folder, { recursive: true });
    await run({ which: 1 });
    expect(journalFolder().ledger().pieces.has('stack:recsys-rest-shop')).toBe(true);
    await deleteEndpoint(await openAtMoto(), requireEndpoint(store, 'shop'), never, quiet);
    expect(
      (await madeAt(aws)).filter((each) => !each.startsWith('object') && !each.startsWith('bucket')),
    ).toEqual([]);
  });

  it('cancelled while it is made: nothing stays', async () => {
    const controller = new AbortController();
    const onEvent = (event: DeployEvent): void => {
      if (event.type === 'step' && event.name === 'front' && event.state === 'running') controller.abort();
    };
    expect((await failure({ ...FRONT, signal: controller.signal, onEvent })).exitCode).toBe(130);
    expect(await madeAt(aws)).toEqual([]);
  });

  it('is found among what costs money, and goes with its endpoint', async () => {
    await run(FRONT);
    const client = await openAtMoto();
    const cache = new PriceCache(path.join(path.dirname(store), 'cache'));
    const asked = { regions: [REGION], prices: new InstancePrices(client, cache), signal: never };
    // Another workspace looks: it has no journal of it.
    const storeFolder = path.join(temporaryFolder(), '.recsys');
    scratch.push(path.dirname(storeFolder));
    const { things } = await findCosts(client, { ...asked, storeFolder });
    const front = things.find(({ kind }) => kind === 'stack');
    expect(front).toMatchObject({
      ...{ name: 'recsys-rest-shop', endpoint: 'shop', price: { type: 'by-request' } },
      status: 'CREATE_COMPLETE',
    });
    const arn = things.find(({ kind }) => kind === 'endpoint')?.arn ?? '';
    const chosen = withCompanions([arn], things);
    const context = { aws: client, storeFolder, signal: never, onWait: quiet };
    expect((await removeThings(context, chosen)).remaining).toEqual([]);
    expect((await madeAt(aws)).filter((each) => !each.startsWith('bucket'))).toEqual([]);
  });
});

describe('bad input', () => {
  it.each<[string, Trial, RegExp]>([
    ['a name that cannot be', { endpoint: 'my_shop' }, /--name my-shop/],
    ['a role that is not there', { role: 'nobody' }, /--role arn:aws:iam::123456789012:role\/endpoint/],
    ['no role', { role: undefined }, /--role arn:aws:iam::123456789012:role\/endpoint/],
    ['a role of another account', { role: 'arn:aws:iam::999999999999:role/x' }, /--profile/],
    ['a bucket that is not there', { bucket: 'nobodys-bucket' }, /--bucket/],
    ['a package that is none', { packageFolder: folder }, /train\/<model>/],
    [
      'memory that cannot be',
      { capacity: { memory: 1000, concurrency: undefined, instance: undefined, mostInstances: undefined } },
      /--memory/,
    ],
  ])('%s', async (_, trial, hint) => {
    expect((await failure(trial)).hint).toMatch(hint);
    expect(await madeAt(aws)).toEqual([]);
  });

  it.each<[string, string, Failure, RegExp, RegExp]>([
    ['quota', 'CreateEndpoint', { ...refused, code: 'ResourceLimitExceeded' }, /quota/, /Service Quotas/],
    [
      'permission',
      'CreateModel',
      { ...refused, status: 403, code: 'AccessDeniedException' },
      /not allow/,
      /print-policy/,
    ],
    ['expired', 'CreateEndpointConfig', { ...refused, code: 'ExpiredTokenException' }, /ran out/, /Renew/],
    [
      'foreign bucket',
      'HeadBucket',
      { ...refused, status: 403, code: 'Forbidden' },
      /another account/,
      /--bucket/,
    ],
    [
      'unknown key',
      'GetCallerIdentity',
      { ...refused, status: 403, code: 'InvalidClientTokenId' },
      /not accept/,
      /enabled/,
    ],
  ])('%s', async (_, call, what, message, hint) => {
    proxy.fail(new RegExp(`^${call}$`), what);
    const error = await failure();
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    await sweep(await openAtMoto(), store, never);
    expect(await madeAt(aws)).toEqual([]);
  });

  it('a profile, of those that a sweep asks by: the others are asked all the same', async () => {
    await run();
    await run({ endpoint: 'office', timeToLive: 1, clock: false });
    for (const [name, profile] of [
      ['shop', 'gone'],
      ['office', 'office'],
    ] as const) {
      const of = new DeploymentFolder(store, name);
      await of.writeState({ ...(of.state() ?? expect.fail()), profile });
    }
    // Predictions do not tell by which profile they were made.
    for (const [name, account] of [
      ['mine', ACCOUNT],
      ['theirs', '999999999999'],
    ] as const) {
      const { journal } = new DeploymentFolder(store, name, 'predictions');
      const deployment = { id: name, region: REGION, account, model: 'm', kind: 'markov' };
      await journal.append({ type: 'deployment', ...deployment });
      const piece = { kind: 'model' as const, name: `recsys-${name}-0`, needs: [] };
      await journal.append({ type: 'intent', id: name, piece, tags: {} });
    }
    const asked: (string | undefined)[] = [];
    const swept = await sweepByProfiles(store, {
      signal: never,
      open: ({ profile, region }) => {
        asked.push(profile);
        expect(region).toBe(REGION);
        return profile === 'office' ? openAtMoto() : Promise.reject(new Error('there is no such profile'));
      },
    });
    expect(asked.sort()).toEqual(['gone', 'office']);
    const told = new Map(swept.map(({ endpoint, removal, skipped }) => [endpoint, skipped ?? removal]));
    expect(Object.fromEntries(told)).toMatchObject({
      shop: 'there is no such profile',
      office: { removed: expect.arrayContaining(['endpoint office']) as unknown, remaining: [] },
      // Its model was never made.
      mine: { removed: [], remaining: [] },
      theirs: 'it is in account 999999999999, which no profile is of that was asked by',
    });
    const standing = await madeAt(aws);
    expect(standing.filter((each) => each.startsWith('endpoint '))).toEqual(['endpoint shop']);
    expect(new DeploymentFolder(store, 'mine', 'predictions').ledger().pieces.size).toBe(0);
  });

  it('an endpoint of others is left as it is', async () => {
    await run();
    store = path.join(temporaryFolder(), '.recsys');
    scratch.push(path.dirname(store));
    const before = await madeAt(aws);
    expect((await failure({ which: 1 })).message).toContain('made from another workspace');
    expect(await madeAt(aws)).toEqual(before);
  });
});

it('no credential is written or said', () => {
  const files = scratch.flatMap((each) =>
    fs
      .readdirSync(each, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(1);
  const all = [...files, printed].join('\n');
  for (const secret of Object.values(SECRETS)) expect(all).not.toContain(secret);
});

const M5 = {
  capacity: { memory: undefined, concurrency: undefined, instance: 'ml.m5.large', mostInstances: undefined },
};

/** What AWS's price list says of an instance in a region. */
function priceList(instance: string, usd: string): string {
  const offer = (usagetype: string, price: string): string =>
    JSON.stringify({
      product: { attributes: { usagetype } },
      terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: price } } } } } },
    });
  return JSON.stringify({
    PriceList: [offer(`EUC1-Host:${instance}`, usd), offer(`EUC1-Train:${instance}`, '9.9')],
  });
}

describe('what costs money', () => {
  const REGIONS = [REGION, 'us-east-1', 'ap-south-1'];
  let cache: string;

  /** Looked for by a workspace that made some of it, with a cache of prices of its own. */
  async function costs(): Promise<CostsReport> {
    const client = await openAtMoto();
    const prices = new InstancePrices(client, new PriceCache(cache));
    return findCosts(client, { storeFolder: store, regions: REGIONS, prices, signal: never });
  }

  /** An endpoint on an instance here, a serverless one of another workspace elsewhere, and one that is not ours. */
  async function made(): Promise<void> {
    await run(M5);
    const own = store;
    store = path.join(temporaryFolder(), '.recsys');
    scratch.push(path.dirname(store));
    const elsewhere = await openAtMoto({ region: 'us-east-1' });
    proxy.answer = (body) => answers[0]?.(body);
    const ports = { confirm: () => Promise.resolve(true), onEvent: quiet, signal: never };
    await deploy(elsewhere, request(0, { endpoint: 'theirs' }), ports);
    store = own;
    await elsewhere.sagemaker.send(
      new CreateModelCommand({
        ModelName: 'm',
        ExecutionRoleArn: ROLE,
        PrimaryContainer: { Image: 'image' },
      }),
    );
    await elsewhere.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'a-person-s',
        ProductionVariants: [
          { VariantName: 'all', ModelName: 'm', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
        ],
      }),
    );
    await elsewhere.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: 'a-person-s', EndpointConfigName: 'a-person-s' }),
    );
  }

  beforeEach(async () => {
    cache = path.join(temporaryFolder(), 'cache');
    scratch.push(path.dirname(cache));
    proxy.own.set('GetProducts', () => ({ status: 200, body: priceList('ml.m5.large', '0.1380') }));
    await made();
  });
  afterEach(() => proxy.own.delete('GetProducts'));

  it('is found in all regions, with what it costs, whose it is, and how it goes', async () => {
    const { things, regions, failures, hourly, account } = await costs();
    expect([account, failures, regions]).toEqual([ACCOUNT, [], REGIONS]);
    const found = things.map(({ kind, region }) => `${kind} ${region}`).sort();
    const each = (region: string): string[] =>
      ['bucket', 'endpoint', 'endpoint-config', 'model', 'object'].map((kind) => `${kind} ${region}`);
    expect(found).toEqual([...each(REGION), ...each('us-east-1')].sort());
    const [first] = things;
    expect(first).toMatchObject({
      ...{ kind: 'endpoint', name: 'shop', on: '1 × ml.m5.large', isOver: false, journal: 'shop' },
      price: { type: 'known', usd: 0.138, asked: expect.stringMatching(/^2\d{3}-/) as string },
      run: '20261130-010203004-abcd',
      remove: expect.stringContaining('endpoint delete shop') as string,
    });
    expect(first?.soFar).toBeLessThan(0.01);
    expect(hourly).toBeCloseTo(0.138);
    const theirs = things.find(({ name }) => name === 'theirs');
    expect(theirs).toMatchObject({ price: { type: 'by-request' }, endpoint: 'theirs' });
    expect(theirs?.journal).toBeUndefined();
    expect(theirs?.remove).toContain('--arn');
    expect(things.map(({ name }) => name)).not.toContain('a-person-s');
  });

  it('has the prices that AWS told last where it tells none, and else no prices at all', async () => {
    const denied = {
      how: 'error',
      status: 400,
      code: 'AccessDeniedException',
      message: 'no prices',
    } as const;
    proxy.fail(/GetProducts/, denied);
    const unknown = await costs();
    expect(unknown.things[0]?.name).toBeDefined();
    const shop = unknown.things.find(({ name }) => name === 'shop');
    expect(shop?.price).toMatchObject({ type: 'unknown', why: expect.stringContaining('price') as string });
    expect([unknown.hourly, unknown.unknownPrices, shop?.soFar]).toEqual([0, 1, undefined]);
    await costs();
    proxy.calls.length = 0;
    // Within a week it is not asked again.
    expect((await costs()).hourly).toBeCloseTo(0.138);
    expect(proxy.calls.map(({ name }) => name)).not.toContain('GetProducts');
    const file = path.join(cache, 'prices.json');
    fs.writeFileSync(
      file,
      fs.readFileSync(file, 'utf8').replace(/"asked":\s*"[^"]+"/, '"asked": "2025-01-02T00:00:00.000Z"'),
    );
    proxy.fail(/GetProducts/, denied);
    const old = (await costs()).things.find(({ name }) => name === 'shop');
    expect(old?.price).toEqual({ type: 'known', usd: 0.138, asked: '2025-01-02T00:00:00.000Z' });
  });

  it('says what could not be looked at, and hides nothing else', async () => {
    proxy.fail(/^ListEndpoints$/, {
      how: 'error',
      status: 400,
      code: 'AccessDeniedException',
      message: 'no',
    });
    const { things, failures, regions } = await costs();
    expect(failures).toHaveLength(1);
    expect(regions).not.toContain(failures[0]?.region);
    expect(failures[0]?.message).toContain('listing endpoints');
    expect(things.filter(({ kind }) => kind === 'model')).toHaveLength(2);
  });

  it('goes by another workspace too, an instance that nothing scales as well', async () => {
    store = path.join(temporaryFolder(), '.recsys');
    scratch.push(path.dirname(store));
    const { things } = await costs();
    const arn = things.find(({ name }) => name === 'shop')?.arn ?? '';
    const chosen = withCompanions([arn], things);
    expect(chosen.map(({ journal }) => journal)).toEqual(chosen.map(() => undefined));
    const context = { aws: await openAtMoto(), storeFolder: store, signal: never, onWait: quiet };
    expect((await removeThings(context, chosen)).remaining).toEqual([]);
    expect(proxy.calls.map(({ name }) => name)).toContain('DeregisterScalableTarget');
    expect((await costs()).things.map(({ name }) => name)).not.toContain('shop');
  });

  it('is taken away with all that was made with it, and what is not ours stays', async () => {
    const { things } = await costs();
    const arn = things.find(({ name }) => name === 'theirs')?.arn ?? '';
    const chosen = withCompanions([arn], things);
    expect(chosen.map(({ kind }) => kind).sort()).toEqual(['endpoint', 'endpoint-config', 'model', 'object']);
    const context = { aws: await openAtMoto(), storeFolder: store, signal: never, onWait: quiet };
    expect((await removeThings(context, chosen)).remaining).toEqual([]);
    const left = (await costs()).things;
    expect(left.filter(({ region }) => region === 'us-east-1').map(({ kind }) => kind)).toEqual(['bucket']);
    expect(left.filter(({ region }) => region === REGION)).toHaveLength(5);
    const { Endpoints = [] } = await (
      await openAtMoto({ region: 'us-east-1' })
    ).sagemaker.send(new ListEndpointsCommand({}));
    expect(Endpoints.map(({ EndpointName }) => EndpointName)).toEqual(['a-person-s']);
    const own = left.filter(({ journal }) => journal === 'shop');
    expect((await removeThings(context, own)).remaining).toEqual([]);
    expect((await costs()).things.map(({ kind, region }) => `${kind} ${region}`)).toEqual([
      'bucket us-east-1',
    ]);
  });
});
