/**
 * What a deploying process asks a person at a window: by files in the store, which the engine lists and answers. Against
 * moto; needs an interpreter with it in RECSYS_PYTHON, and the built program.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { IAMClient } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsProfiles, RemovalReport } from '../../src/protocol/aws.ts';
import type { InvokeReply } from '../../src/protocol/engine/endpoints.ts';
import type { SageMakerEndpoint } from '../../src/protocol/endpoint.ts';
import type { Question } from '../../src/protocol/question.ts';
import { newRunId } from '../../src/protocol/run-id.ts';
import { endpointHandlers } from '../../src/pipeline/engine/handlers/endpoints.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { makeRole } from './support/at-moto.ts';
import { AwsProxy } from './support/aws-proxy.ts';
import { endpointOf, makePackages } from './support/deployable.ts';
import { startMoto, type Moto } from './support/moto.ts';

const SECRETS = {
  id: 'AKIAPLANTEDPLANTED00',
  key: 'planted/secret/key/planted+secret+key000',
  code: '246810',
  token: 'planted-sign-in-token-000',
  session: 'planted-session-key-of-a-sign-in',
};
const CONFIG = `${fs.readFileSync('test/fixtures/aws-profiles.ini', 'utf8')}[profile nothing]
region = eu-central-1
`;

const folder = temporaryFolder();
const home = path.join(folder, 'home');
const program = path.resolve('dist/cli.mjs');
let moto: Moto;
let proxy: AwsProxy;
let url: string;
let shop: string;
let store: string;
let written = '';

beforeAll(async () => {
  moto = await startMoto();
  proxy = new AwsProxy(moto.url);
  url = await proxy.listen();
  [shop] = await makePackages(folder);
  proxy.answer = await endpointOf(shop);
  fs.mkdirSync(path.join(home, '.aws/sso/cache'), { recursive: true });
  fs.writeFileSync(path.join(home, '.aws/config'), CONFIG);
  fs.writeFileSync(
    path.join(home, '.aws/credentials'),
    `[shop]\naws_access_key_id = ${SECRETS.id}\naws_secret_access_key = ${SECRETS.key}\nregion = eu-central-1\n`,
  );
}, 60_000);
beforeEach(async () => {
  await moto.reset();
  proxy.reset();
  store = path.join(temporaryFolder(), '.recsys');
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };
  const client = new IAMClient({ endpoint: moto.url, region: 'eu-central-1', credentials });
  await makeRole({ iam: client }, 'endpoint');
});
afterEach(() => {
  if (!fs.existsSync(store)) return;
  for (const entry of fs.readdirSync(store, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) written += fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8');
  fs.rmSync(path.dirname(store), { recursive: true, force: true });
});
afterAll(async () => {
  proxy.close();
  await moto.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    ...{ HOME: home, USERPROFILE: home, AWS_ENDPOINT_URL: url, AWS_EC2_METADATA_DISABLED: 'true' },
  };
}

interface Child {
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly printed: string; readonly said: string }>;
}

/** `recsys …` as a window starts it. */
function recsys(...words: readonly string[]): Child {
  const child = spawn(process.execPath, [program, ...words, '--errors=json'], {
    ...{ env: environment(), stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let [printed, said] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<Awaited<Child['ended']>>((resolve) => {
    child.once('close', (code) => {
      written += printed + said;
      resolve({ code, printed, said });
    });
  });
  return { pid: child.pid ?? 0, ended };
}

function deploy(
  profile: string,
  id = newRunId(),
  form: readonly string[] = [],
): Child & { readonly id: string } {
  const words = ['deploy', '--package', shop, '--profile', profile, '--name', 'shop', '--store', store];
  return { ...recsys(...words, ...form, '--id', id, '--ask-by-file', '--json'), id };
}

const handlers = () => endpointHandlers({ store, workspace: path.dirname(store) });
const never = new AbortController().signal;

async function listed(): Promise<{
  endpoint: SageMakerEndpoint | undefined;
  question: Question | undefined;
}> {
  const { endpoints, questions } = await handlers()['endpoints/list']({}, never);
  const endpoint = endpoints.find((one) => one.where === 'sagemaker');
  return { endpoint, question: questions[0] };
}

/** Waits for a question of a kind, or for the end of what should ask it. */
async function question<K extends Question['kind']>(
  kind: K,
  { ended }: Child,
): Promise<Extract<Question, { kind: K }>> {
  let over: unknown;
  void ended.then((end) => (over = end));
  for (;;) {
    const { question: open } = await listed();
    if (open?.kind === kind) return open as Extract<Question, { kind: K }>;
    if (over !== undefined) throw new Error(`it ended, and did not ask: ${JSON.stringify(over)}`);
    await pause(50);
  }
}

/** By the engine, whose child has its environment. */
async function invoked(body: string): Promise<InvokeReply> {
  const before = process.env;
  process.env = environment();
  try {
    return await handlers()['endpoints/invoke']({ id: 'aws:shop', body }, never);
  } finally {
    process.env = before;
  }
}

async function answer({ id, number }: Question, text?: string): Promise<void> {
  await handlers()['endpoints/answer']({ id, number, ...(text === undefined ? {} : { text }) }, never);
}

async function answerTo(kind: 'code' | 'role' | 'confirm', text: string, child: Child): Promise<void> {
  await answer(await question(kind, child), text);
}

const made = (): string[] => proxy.calls.map(({ name }) => name).filter((name) => /^(Create|Put)/.test(name));

async function deployShop(): Promise<void> {
  const child = deploy('shop');
  await answerTo('role', 'endpoint', child);
  await answerTo('confirm', 'yes', child);
  expect((await child.ended).code).toBe(0);
}

describe('a deployment that a window follows', () => {
  it('to instances that scale to zero is planned with their price, and an endpoint that sleeps says so', async () => {
    const price = {
      product: { attributes: { usagetype: 'EUC1-Host:ml.m5.large' } },
      terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: '0.138' } } } } } },
    };
    const body = JSON.stringify({ PriceList: [JSON.stringify(price)] });
    proxy.own.set('GetProducts', () => ({ status: 200, body }));
    const child = deploy('shop', newRunId(), ['--instance-type', 'ml.m5.large', '--scale-to-zero']);
    await answerTo('role', 'endpoint', child);
    const asked = await question('confirm', child);
    expect(asked.plan).toMatchObject({
      capacity: { type: 'toZero', instance: 'ml.m5.large', most: 1, memory: 1024 },
      price: { usd: 0.138 },
    });
    expect(made()).toEqual([]);
    await answer(asked, 'yes');
    expect((await child.ended).code).toBe(0);
    proxy.own.clear();
    expect((await listed()).endpoint).toMatchObject({ component: 'shop', capacity: { type: 'toZero' } });
    const message = 'Inference Component has no capacity to process this request.';
    proxy.fail(/^InvokeEndpoint$/, { how: 'error', status: 400, code: 'ValidationError', message });
    const request = JSON.stringify({ instances: ['item "3" é'] });
    await expect(invoked(request)).rejects.toMatchObject({
      message: expect.stringContaining('has scaled to zero') as string,
      hint: expect.stringContaining('Ask again in some minutes') as string,
    });
    expect(await invoked(request)).toMatchObject({ status: 200 });
  });

  it('asks for a code, a role and a yes, and is in service then', async () => {
    const child = deploy('guarded');
    const code = await question('code', child);
    expect(code).toMatchObject({ about: 'deploying shop', profile: 'guarded', id: child.id });
    expect(code.device).toContain('mfa/phone');
    const files = path.join(store, 'questions');
    if (process.platform !== 'win32') {
      expect(fs.statSync(files).mode & 0o777).toBe(0o700);
      expect(fs.statSync(path.join(files, `${child.id}.json`)).mode & 0o777).toBe(0o600);
    }
    await answer(code, SECRETS.code);
    const role = await question('role', child);
    expect(role.roles).toEqual(['arn:aws:iam::123456789012:role/endpoint']);
    expect(JSON.parse(role.policy)).toHaveProperty('trust');
    await answer(role, 'endpoint');
    const { plan } = await question('confirm', child);
    expect(plan).toMatchObject({
      ...{ account: '123456789012', region: 'eu-central-1', endpoint: 'shop', model: 'markov' },
      ...{ bucket: 'recsys-123456789012-eu-central-1', role: 'arn:aws:iam::123456789012:role/endpoint' },
    });
    expect(made()).toEqual([]);
    await answerTo('confirm', 'yes', child);
    expect((await child.ended).code).toBe(0);
    expect(fs.readdirSync(files)).toEqual([]);
    const { endpoint } = await listed();
    expect(endpoint).toMatchObject({
      ...{ id: 'aws:shop', state: 'inService', region: 'eu-central-1', profile: 'guarded' },
      ...{ answering: { model: 'markov' }, capacity: { type: 'serverless' }, deployment: child.id },
    });
    expect(endpoint?.pieces).toHaveLength(5);
  });

  it('answers through the engine, and is taken away with a report', async () => {
    await deployShop();
    const body = JSON.stringify({ instances: ['item "3" é'] });
    const reply = await invoked(body);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toEqual(proxy.answer(body));
    const words = ['endpoint', 'sweep', '--each-profile', '--store', store, '--json'];
    const swept = await recsys(...words).ended;
    expect([swept.code, JSON.parse(swept.printed)]).toEqual([
      ...[0, { swept: [{ endpoint: 'shop', removed: [], left: [], remaining: [] }] }],
    ]);
    const removed = await recsys(
      'endpoint',
      'delete',
      'shop',
      '--profile',
      'shop',
      '--store',
      store,
      '--json',
    ).ended;
    const report = RemovalReport.parse(JSON.parse(removed.printed));
    expect([report.removed.length, report.remaining]).toEqual([5, []]);
    expect((await listed()).endpoint).toBeUndefined();
  });

  it.each(['turned away from', 'cancelled'])('makes nothing where its question is %s', async (how) => {
    const child = deploy('shop');
    await answerTo('role', 'endpoint', child);
    const asked = await question('confirm', child);
    if (how === 'cancelled') await handlers()['endpoints/cancel']({ id: child.id }, never);
    else await answer(asked);
    expect((await child.ended).code).toBe(130);
    expect(made()).toEqual([]);
    expect(await listed()).toEqual({ endpoint: undefined, question: undefined });
    expect(fs.readdirSync(path.join(store, 'questions'))).toEqual([]);
  });

  it('takes away what was made where it is cancelled under way', async () => {
    proxy.statuses.set('shop', { EndpointStatus: 'Creating' });
    const child = deploy('shop');
    await answerTo('role', 'endpoint', child);
    await answerTo('confirm', 'yes', child);
    await expect
      .poll(async () => (await listed()).endpoint?.activity?.step, { timeout: 60_000 })
      .toBe('wait');
    expect((await listed()).endpoint).toMatchObject({ state: 'deploying', deployed: { model: 'markov' } });
    await handlers()['endpoints/cancel']({ id: child.id }, never);
    // An endpoint in the making cannot be taken away.
    await pause(500);
    proxy.statuses.clear();
    expect((await child.ended).code).toBe(130);
    expect((await listed()).endpoint).toMatchObject({ state: 'ended', cancelled: true, pieces: [] });
  });

  it('waits for a sign-in with a browser, and goes on when it was done', async () => {
    const child = deploy('office');
    const signIn = await question('signIn', child);
    expect(signIn.profile).toBe('office');
    const key = 'GET /federation/credentials?account_id=123456789012&role_name=deployers';
    proxy.own.set(key, () => ({
      status: 200,
      body: JSON.stringify({
        roleCredentials: {
          ...{ accessKeyId: SECRETS.id, secretAccessKey: SECRETS.session, sessionToken: SECRETS.token },
          expiration: Date.now() + 3_600_000,
        },
      }),
    }));
    const name = createHash('sha1').update('office').digest('hex');
    const token = { accessToken: SECRETS.token, expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    fs.writeFileSync(path.join(home, '.aws/sso/cache', `${name}.json`), JSON.stringify(token));
    const role = await question('role', child);
    await answer(role);
    expect((await child.ended).code).toBe(130);
    fs.rmSync(path.join(home, '.aws/sso/cache', `${name}.json`));
  });

  it('asks nobody any more when it was killed', async () => {
    const child = deploy('shop');
    const role = await question('role', child);
    process.kill(child.pid, 'SIGKILL');
    await child.ended;
    expect((await listed()).question).toBeUndefined();
    await expect(answer(role, 'endpoint')).rejects.toThrow('not asked any more');
    const next = deploy('shop');
    await question('role', next);
    // What the killed one left is gone.
    expect(fs.readdirSync(path.join(store, 'questions'))).toEqual([`${next.id}.json`]);
    await handlers()['endpoints/cancel']({ id: next.id }, never);
    expect((await next.ended).code).toBe(130);
  });
});

describe('a removal that a window follows', () => {
  function remove(profile: string): Child & { readonly id: string } {
    const id = newRunId();
    const words = ['endpoint', 'delete', 'shop', '--profile', profile, '--store', store];
    return { ...recsys(...words, '--id', id, '--ask-by-file', '--json'), id };
  }
  const changes = async () => (await handlers()['endpoints/list']({}, never)).changes;

  it('asks for a code, says of what it takes away, and leaves what became of it', async () => {
    await deployShop();
    const going = remove('guarded');
    const code = await question('code', going);
    expect(code).toMatchObject({ about: 'taking shop away', id: going.id });
    const begun = { id: going.id, what: 'delete', endpoint: 'shop', pieces: 5, state: 'running' };
    expect(await changes()).toMatchObject([begun]);
    expect((await listed()).endpoint).toMatchObject({ changing: 'delete' });
    await answer(code, SECRETS.code);
    const { code: exit, printed } = await going.ended;
    expect(exit).toBe(0);
    const removals = [RemovalReport.parse(JSON.parse(printed))];
    expect(removals[0]?.removed).toHaveLength(5);
    expect(await changes()).toMatchObject([{ ...begun, state: 'succeeded', removals }]);
    const { untold, endpoints } = await handlers()['endpoints/list']({}, never);
    expect([untold, endpoints]).toEqual([[going.id], []]);
  });

  it('is lost where it was killed, and does the rest when it is begun again', async () => {
    await deployShop();
    const going = remove('shop');
    proxy.fail(/^DeleteEndpoint$/, { how: 'then', action: () => process.kill(going.pid, 'SIGKILL') });
    await going.ended;
    expect(await changes()).toMatchObject([{ id: going.id, state: 'lost' }]);
    const { endpoint } = await listed();
    expect(endpoint).toMatchObject({ removal: 'endpoint' });
    expect(endpoint).not.toHaveProperty('changing');
    const again = remove('shop');
    expect((await again.ended).code).toBe(0);
    expect(await changes()).toMatchObject([{ state: 'lost' }, { id: again.id, state: 'succeeded' }]);
    expect((await listed()).endpoint).toBeUndefined();
  });

  it('stops where it is cancelled at its question, and nothing is gone', async () => {
    await deployShop();
    const going = remove('guarded');
    await question('code', going);
    await handlers()['endpoints/cancel']({ id: going.id }, never);
    expect((await going.ended).code).toBe(130);
    expect(await changes()).toMatchObject([{ state: 'cancelled' }]);
    expect((await listed()).endpoint).toMatchObject({ state: 'inService' });
  });
});

describe('a REST front', () => {
  const shopWith = (...words: readonly string[]): Child =>
    recsys(
      ...['deploy', '--package', shop, '--profile', 'shop', '--name', 'shop', '--store', store, ...words],
    );

  it('has a token that a person is shown once, and that is kept nowhere', async () => {
    const made = await shopWith('--role', 'endpoint', '--yes', '--rest-token').ended;
    expect(made.code, made.said).toBe(0);
    const [, token = ''] = /Its token, shown once and kept nowhere: (\S{43})\n/.exec(made.printed) ?? [];
    expect(token).toMatch(/^[\w-]{43}$/);
    const hash = createHash('sha256').update(token).digest('hex');
    const create = proxy.calls.find(({ name }) => name === 'CreateStack')?.body ?? '';
    expect([...new URLSearchParams(create).values()]).toContain(hash);
    const files = fs.readdirSync(store, { recursive: true, withFileTypes: true });
    const texts = files.flatMap((entry) =>
      entry.isFile() ? [fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')] : [],
    );
    expect(texts.join()).toContain('recsys-rest-shop');
    for (const text of [...texts, made.said, ...proxy.calls.map(({ body }) => body)])
      expect(text).not.toContain(token);
    expect((await listed()).endpoint?.front).toMatch(/^https:.*\/predict$/);

    const list = await recsys('endpoint', 'list', '--profile', 'shop', '--store', store).ended;
    expect(list.printed).toMatch(/^shop answers at https:.*\/predict$/m);
    const gone = await recsys('endpoint', 'delete', 'shop', '--profile', 'shop', '--store', store).ended;
    expect(gone.printed).toContain('Taken away: REST front recsys-rest-shop');
    expect(gone.code).toBe(0);
  });

  it('shows no token to programs, and makes nothing then', async () => {
    const { code, said } = await shopWith('--role', 'endpoint', '--yes', '--rest-token', '--json').ended;
    expect([code, proxy.calls]).toEqual([2, []]);
    expect(said).toContain('what programs read may be kept');
  });

  it('has its own permissions printed only where it is asked for, and its template without AWS', async () => {
    const policy = ['deploy', '--print-policy', '--name', 'shop', '--profile', 'shop'];
    const [without, asked] = [await recsys(...policy).ended, await recsys(...policy, '--rest').ended];
    expect(without.printed).not.toMatch(/lambda|apigateway|CreateStack/);
    expect(asked.printed).toContain(':cloudformation:eu-central-1:123456789012:stack/recsys-rest-shop/*');
    expect(() => JSON.parse(asked.printed) as unknown).not.toThrow();
    const timed = await recsys(...policy, '--ttl', '8h').ended;
    expect(timed.printed).toContain(
      ':scheduler:eu-central-1:123456789012:schedule/default/recsys-clock-shop*',
    );
    for (const words of [
      ['--ttl', 'never'],
      ['--ttl', '8h', '--no-clock'],
    ])
      expect((await recsys(...policy, ...words).ended).printed).not.toContain('scheduler');
    proxy.calls.length = 0;
    const { printed } = await recsys('deploy', '--print-template', '--name', 'shop').ended;
    expect(JSON.parse(printed)).toMatchObject({
      Resources: { Route: { Properties: { RouteKey: 'GET /predict', AuthorizationType: 'AWS_IAM' } } },
    });
    expect(proxy.calls).toEqual([]);
  });
});

it('profiles are told with their accounts, or what they need', async () => {
  const { printed } = await recsys('endpoint', 'profiles', '--json').ended;
  const { profiles } = AwsProfiles.parse(JSON.parse(printed));
  expect(profiles).toMatchObject([
    { name: 'guarded', region: 'eu-central-1', needs: 'code' },
    { name: 'nothing', failure: { hint: expect.stringMatching(/--profile/) as unknown } },
    { name: 'office', needs: 'signIn' },
    { name: 'shop', account: '123456789012', caller: expect.stringMatching(/^arn:/) as unknown },
  ]);
});

it('no secret was written or said', () => {
  expect(written.length).toBeGreaterThan(1000);
  for (const secret of Object.values(SECRETS)) expect(written).not.toContain(secret);
});
