/** *Deploy…*: what is asked and started, what a deploying process asks, and what can be done with what is there. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasAws } from '../../../src/extension/deploy/sign-in.ts';
import { awsRow, tokensOf } from '../../../src/extension/endpoints/aws-row.ts';
import { nodeRuntime } from '../../../src/extension/processes/node-runtime.ts';
import type { BranchNode } from '../../../src/extension/runs/tree-nodes.ts';
import type { AwsProfile } from '../../../src/protocol/aws.ts';
import type { EndpointChange } from '../../../src/protocol/endpoint-change.ts';
import type { SageMakerEndpoint } from '../../../src/protocol/endpoint.ts';
import { sageMakerId } from '../../../src/protocol/endpoint-id.ts';
import type { NewQuestion, Question } from '../../../src/protocol/question.ts';
import { runRow, runView, stepView } from '../../vscode/suite/sample-views.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { engineOf, forgetEngines, type FakeEngine } from './fake-engine.ts';
import { launches } from './fake-launch.ts';
import { startsNothingUnlessAllIsAnswered } from './turning-away.ts';
import { host, type Answer } from './vscode-stub/host.ts';
import { openWindow, run, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));
vi.mock('../../../src/extension/processes/launch-detached.ts', () => import('./fake-launch.ts'));

const STORE = '/projects/a/.recsys';
const RUN = '20261121-120000000-aaaa';
const folder = temporaryFolder();
/** Stands for `recsys`: writes down its words, and prints what the test has laid out for the command. */
const cli = path.join(folder, 'cli.mjs');
const said = path.join(folder, 'words.ndjson');
fs.writeFileSync(
  cli,
  `import fs from 'node:fs';
const words = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(said)}, JSON.stringify(words) + '\\n');
const reply = JSON.parse(fs.readFileSync(${JSON.stringify(folder)} + '/' + words[1] + '.json', 'utf8'));
if (reply.failure !== undefined) console.error(JSON.stringify({ type: 'failure', t: 0, exitCode: 1, ...reply.failure }));
else console.log(JSON.stringify(reply));
process.exitCode = reply.exitCode ?? (reply.failure === undefined ? 0 : 1);`,
);

let window: OpenedWindow;
let engine: FakeEngine;
beforeEach(async () => {
  host.reset();
  forgetEngines();
  launches.length = 0;
  fs.writeFileSync(said, '');
  window = openWindow('/projects/a');
  for (const store of window.stores.all)
    store.move({ ...store.site, folder, runtime: nodeRuntime(cli, process.execPath) });
  engine = engineOf(STORE);
  engine.runs = [runRow({ id: RUN, best: 'markov', headline: { metric: 'hitRate@10', value: 0.4 } })];
  engine.handlers['run/view'] = () => runView({ id: RUN, steps: trained('train') });
  await window.stores.load();
  tells('profiles', { profiles: [SHOP] });
});
afterEach(() => window.dispose());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const SHOP: AwsProfile = {
  ...{ name: 'shop', region: 'eu-central-1', account: '123456789012' },
  caller: 'arn:aws:iam::123456789012:user/ada',
};

function tells(command: string, reply: object): void {
  fs.writeFileSync(path.join(folder, `${command}.json`), JSON.stringify(reply));
}

const commands = (): string[][] =>
  fs
    .readFileSync(said, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string[]);

const artifact = { name: 'model', file: 'model.json', bytes: 1, sha256: '' };
function trained(...steps: readonly string[]) {
  return steps.map((step) =>
    stepView({ path: `${step}/markov`, step, branch: 'markov', state: 'succeeded', artifacts: [artifact] }),
  );
}

function endpoint(more: Partial<SageMakerEndpoint> = {}): SageMakerEndpoint {
  return {
    ...{ where: 'sagemaker', id: sageMakerId('shop'), name: 'shop', state: 'inService', maxK: 100 },
    ...{
      account: '123456789012',
      region: 'eu-central-1',
      profile: 'shop',
      since: '2021-11-30T00:00:00.000Z',
    },
    ...{ answering: { model: 'markov', kind: 'markov', run: RUN }, pieces: ['endpoint shop', 'model m'] },
    capacity: { type: 'serverless', memory: 1024, concurrency: 5 },
    ...more,
  };
}

const GOING = '20261130-010203004-abcd';
function change(more: Partial<EndpointChange> = {}): EndpointChange {
  return {
    ...{ format: 1, id: GOING, process: { pid: 1, host: 'h' }, started: '2026-11-30T01:02:03.004Z' },
    ...{ profile: 'shop', state: 'running', what: 'delete', endpoint: 'shop' },
    ...more,
  };
}

/** What the process that was started last leaves, and that it has ended. */
function ends(left: Partial<EndpointChange>, code = 0): void {
  const launch = launches.at(-1) ?? expect.fail();
  engine.changes = [change({ state: 'succeeded', ...left, id: launch.option('--id') ?? '' })];
  launch.end({ code });
}

const launched = (): string[] => launches.map(({ options }) => options.arguments.join(' '));

/** What the store tells of endpoints from now on. */
async function storeHas(endpoints: readonly SageMakerEndpoint[], questions: readonly Question[] = []) {
  engine.endpoints = endpoints;
  engine.questions = questions;
  await window.endpoints.list.look();
}

const PLAN: Extract<NewQuestion, { kind: 'confirm' }>['plan'] = {
  ...{ endpoint: 'shop', account: '123456789012', caller: 'arn:aws:iam::123456789012:user/ada' },
  ...{
    region: 'eu-central-1',
    model: 'markov',
    kind: 'markov',
    run: RUN,
    bucket: 'recsys-b',
    image: 'tf:2.19',
  },
  capacity: { type: 'serverless', memory: 2048, concurrency: 5 },
  role: 'arn:aws:iam::123456789012:role/endpoint',
};

function question(asked: NewQuestion, number = 1): Question {
  return {
    ...asked,
    ...{ format: 1, id: '20261130-010203004-abcd', number, about: 'deploying shop', profile: 'shop' },
    process: { pid: 1, host: 'h' },
  };
}

const answers = (): unknown[] => engine.asksOf('endpoints/answer');
const FLOW: readonly Answer[] = ['shop', 'my-shop', 'Serverless', 'No'];

describe('deploying a run', () => {
  it('asks for profile, name, capacity and front, and starts a process that asks the rest', async () => {
    host.answers = [...FLOW];
    await run('recsys.deploy', RUN);
    expect(host.shown.map(({ kind }) => kind)).toEqual(['pick', 'input', 'pick', 'pick']);
    const [profiles, name] = host.shown;
    expect(profiles?.items).toMatchObject([
      { label: 'shop', description: 'account 123456789012 · eu-central-1', detail: SHOP.caller },
    ]);
    expect(name?.value).toBe('recsys-markov-aaaa');
    const words = launches[0]?.options.arguments ?? [];
    expect(words.join(' ')).toMatch(
      /^deploy 20261121-120000000-aaaa --model markov --profile shop --region eu-central-1 --name my-shop --id [\d-]+-\w{4} --ask-by-file --json --store \/projects\/a\/\.recsys --errors=json$/,
    );
    expect(window.kept.get('recsys.awsProfile')).toBe('shop');
    expect(host.progress[1]?.messages).toEqual(['starting']);
  });

  startsNothingUnlessAllIsAnswered('recsys.deploy', RUN, FLOW);

  it('says which model was measured and which was trained on everything, the measured one first', async () => {
    engine.handlers['run/view'] = () => runView({ id: RUN, steps: trained('train', 'refit', 'everything') });
    host.answers = ['markov', ...FLOW];
    await run('recsys.deploy', RUN);
    expect(host.shown[0]?.items).toMatchObject([
      { label: '$(star-full) markov', description: 'as it was evaluated · hitRate@10 0.4' },
      {
        label: '$(star-full) markov',
        description: 'trained on everything',
        detail: expect.stringMatching(/not measured/) as unknown,
      },
    ]);
    expect(launches[0]?.options.arguments).not.toContain('--everything');
  });

  it('deploys the very model of a row', async () => {
    const reference = window.stores.runs[0]?.folder ?? '';
    const view = stepView({ path: 'everything/markov', step: 'everything', branch: 'markov' });
    const node: BranchNode = { kind: 'branch', id: 'b', run: runView({ folder: reference, id: RUN }), view };
    host.answers = [...FLOW];
    await run('recsys.deploy', node);
    expect(launches[0]?.options.arguments.slice(0, 5)).toEqual([
      'deploy',
      RUN,
      '--model',
      'markov',
      '--everything',
    ]);
  });

  it('says what to do where there are no credentials', async () => {
    tells('profiles', { profiles: [] });
    await run('recsys.deploy', RUN);
    expect(host.messages('error').join()).toMatch(/There are no AWS credentials.*aws configure sso/);
    expect(launches).toEqual([]);
  });

  it('refuses a profile that cannot be used, in the words of AWS; one that needs a person goes on', async () => {
    const failure = { message: 'AWS does not accept the credentials.', hint: 'Check them.' };
    const over = { message: 'The sign-in of ‘office’ is over.', hint: 'Sign in.' };
    tells('profiles', {
      profiles: [
        { name: 'old', region: 'eu-central-1', failure },
        { name: 'office', region: 'eu-central-1', needs: 'signIn', failure: over },
        { name: 'phone', region: 'eu-central-1', needs: 'code' },
        { region: 'us-east-1', account: '1', caller: 'c' },
      ],
    });
    host.answers = ['old'];
    await run('recsys.deploy', RUN);
    expect(host.shown[0]?.choices).toEqual(['office', 'phone', 'Environment', 'old']);
    expect(host.shown[0]?.items[0]?.detail).toMatch(/sign-in is over/);
    expect(host.messages('error')).toEqual(['AWS does not accept the credentials. Check them.']);
    expect(launches).toEqual([]);
    for (const [label, words] of [
      ['office', '--profile office'],
      ['Environment', '--region us-east-1'],
    ] as const) {
      host.answers = [label, 'my-shop', 'Serverless', 'No'];
      await run('recsys.deploy', RUN);
      expect(launches.at(-1)?.options.arguments.join(' ')).toContain(words);
    }
    expect(launches.at(-1)?.options.arguments).not.toContain('--profile');
    expect(window.kept.get('recsys.awsProfile')).toBe('');
  });

  it('shows why the profiles could not be asked for', async () => {
    tells('profiles', { failure: { message: 'The config cannot be read.', hint: 'Mend it.' } });
    await run('recsys.deploy', RUN);
    expect(host.messages('error')).toEqual(['The config cannot be read. Mend it.']);
  });

  it('asks for a region where the profile names none, and refuses what is no region or name', async () => {
    tells('profiles', { profiles: [{ name: 'shop', failure: undefined, account: '1' }] });
    host.answers = ['shop', 'Frankfurt'];
    await run('recsys.deploy', RUN);
    expect(host.refusals).toEqual(['Such as eu-central-1']);
    host.answers = ['shop', 'eu-west-1', 'my_shop'];
    await run('recsys.deploy', RUN);
    expect(host.refusals[1]).toMatch(/Letters, digits and dashes/);
    expect(launches).toEqual([]);
  });

  it('asks how long an instance is to stay', async () => {
    host.answers = ['shop', 'my-shop', 'Instance', 'ml.m5.large', 'Another time', '12h', 'No'];
    await run('recsys.deploy', RUN);
    expect(launches[0]?.options.arguments.join(' ')).toContain('--instance-type ml.m5.large --ttl 12h');
    host.answers = ['shop', 'my-shop', 'Instance', 'ml.m5.large', undefined];
    await run('recsys.deploy', RUN);
    expect(launches).toHaveLength(1);
  });

  it('asks for no time of an instance that scales to zero', async () => {
    host.answers = ['shop', 'my-shop', 'Scale to Zero', 'ml.m5.large', 'No'];
    await run('recsys.deploy', RUN);
    const words = launches[0]?.options.arguments.join(' ') ?? '';
    expect(words).toContain('--instance-type ml.m5.large --scale-to-zero');
    expect(words).not.toContain('--ttl');
  });

  it('makes a front for callers of AWS where that is asked', async () => {
    host.answers = [...FLOW.slice(0, 3), 'With AWS sign-in'];
    await run('recsys.deploy', RUN);
    expect(launches[0]?.options.arguments).toContain('--rest');
  });

  it('shows the token of a front once, gives the process its hash alone, and keeps it nowhere', async () => {
    host.answers = [...FLOW.slice(0, 3), 'With a token', 'Copy and Go On'];
    await run('recsys.deploy', RUN);
    const token = host.clipboard;
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(host.shown.at(-1)?.detail).toContain(token);
    const hash = createHash('sha256').update(token).digest('hex');
    expect(launches[0]?.option('--rest-token-hash')).toBe(hash);
    const kept = JSON.stringify([
      launches[0]?.options.arguments,
      [...window.kept],
      host.logged,
      host.executed,
    ]);
    expect(kept).not.toContain(token);
    expect(kept).toContain(hash);
    host.answers = [...FLOW.slice(0, 3), 'With a token', undefined];
    await run('recsys.deploy', RUN);
    expect(launches).toHaveLength(1);
    expect(host.clipboard).toBe(token);
  });

  it('offers to update an endpoint that is in service', async () => {
    await storeHas([endpoint(), endpoint({ id: sageMakerId('x'), name: 'x', state: 'left' })]);
    host.answers = ['shop', 'shop', 'Serverless', 'No'];
    await run('recsys.deploy', RUN);
    expect(host.shown[1]?.choices).toEqual(['$(add) A new endpoint…', '$(cloud-upload) shop']);
    expect(launches[0]?.option('--name')).toBe('shop');
  });
});

describe('a deployment', () => {
  async function deploying(): Promise<{ id: string; end: (code: number, words?: string) => void }> {
    host.answers = [...FLOW];
    await run('recsys.deploy', RUN);
    const launch = launches[0] ?? expect.fail();
    return { id: launch.option('--id') ?? '', end: (code, words = '') => launch.end({ code, said: words }) };
  }

  const under = (id: string, fraction: number): SageMakerEndpoint =>
    endpoint({
      name: 'my-shop',
      state: 'deploying',
      deployment: id,
      activity: { id, step: 'upload', fraction },
    });

  it('is followed in a notification, and its success told', async () => {
    const { id, end } = await deploying();
    await storeHas([under(id, 0.4)]);
    expect(host.progress[1]).toMatchObject({ messages: ['starting', 'uploading'], total: 40 });
    engine.endpoints = [endpoint({ name: 'my-shop', deployment: id })];
    host.answers = ['Try It'];
    end(0);
    await expect
      .poll(() => host.messages('information').join())
      .toContain('my-shop is in service in eu-central-1');
    await expect.poll(() => window.tried.length).toBe(1);
  });

  it('with a front tells where that is, and how it is asked', async () => {
    const { id, end } = await deploying();
    const front = 'https://x.execute-api.eu-central-1.amazonaws.com/predict';
    engine.endpoints = [endpoint({ name: 'my-shop', deployment: id, front, frontAccess: 'token' })];
    host.answers = ['Copy curl'];
    end(0);
    await expect.poll(() => host.messages('information').join()).toContain(`Its REST front: ${front}`);
    await expect.poll(() => host.clipboard).toContain(`Authorization: Bearer TOKEN`);
    expect(host.clipboard).toContain(`${front}?session=a,b,c`);
  });

  it('is cancelled by its id, and the end is no error', async () => {
    const { id, end } = await deploying();
    await storeHas([under(id, 0.4)]);
    host.progress[1]?.cancel();
    await expect.poll(() => engine.asksOf('endpoints/cancel')).toEqual([{ id }]);
    const failure = { message: 'The deployment was cancelled. Nothing was left behind.' };
    engine.endpoints = [
      endpoint({ name: 'my-shop', state: 'ended', deployment: id, cancelled: true, failure }),
    ];
    end(130);
    await expect.poll(() => host.messages('information').join()).toContain('Nothing was left behind');
    expect(host.messages('error')).toEqual([]);
  });

  it('that fails says why; what was signed out offers to sign in', async () => {
    const { id, end } = await deploying();
    const failure = { message: 'The sign-in of profile ‘shop’ is over.', hint: 'Sign in.', remedy: 'signIn' };
    engine.endpoints = [endpoint({ name: 'my-shop', state: 'ended', deployment: id, failure })];
    end(1);
    await expect.poll(() => host.shown.at(-1)?.choices).toEqual(['Sign In', 'Show Log']);
  });

  it('that never began says what its process said', async () => {
    const { end } = await deploying();
    const words = {
      type: 'failure',
      t: 0,
      message: 'AWS does not allow iam:PassRole.',
      hint: 'Ask.',
      exitCode: 1,
    };
    end(1, `noise\n${JSON.stringify(words)}`);
    await expect.poll(() => host.messages('error')).toEqual(['AWS does not allow iam:PassRole. Ask.']);
  });

  it('of an earlier window is followed too, until it ends', async () => {
    await storeHas([under('20261130-010203004-abcd', 0.4)]);
    expect(host.progress[0]?.messages.at(-1)).toBe('uploading');
    await storeHas([endpoint({ name: 'my-shop', deployment: '20261130-010203004-abcd' })]);
    await expect.poll(() => host.messages('information').join()).toContain('my-shop is in service');
    expect(engine.told).toEqual(['20261130-010203004-abcd']);
  });

  it('that ended while no window was open is told of by the next one, with its buttons', async () => {
    const [up, down] = ['20261130-010203004-abcd', '20261130-010203005-abcd'];
    const failure = { message: 'The sign-in of profile ‘shop’ is over.', hint: 'Sign in.', remedy: 'signIn' };
    engine.untold = [up, down];
    host.answers = ['Try It'];
    await storeHas([
      endpoint({ name: 'my-shop', deployment: up }),
      endpoint({ id: 'aws:b', name: 'b', state: 'ended', deployment: down, failure }),
      endpoint({ id: 'aws:c', name: 'c', deployment: '20261130-010203006-abcd' }),
    ]);
    await expect.poll(() => window.tried.length).toBe(1);
    await expect.poll(() => host.shown.map(({ choices }) => choices.join())).toContain('Sign In,Show Log');
    expect(host.shown).toHaveLength(2);
    expect(engine.told).toEqual([up, down]);
  });
});

describe('what a deploying process asks', () => {
  it('is put to the person once, and answered: a code, a role, a yes', async () => {
    host.answers = [' 246810 '];
    const code = question({ kind: 'code', device: 'arn:aws:iam::1:mfa/phone' });
    await storeHas([], [code]);
    await expect.poll(answers).toEqual([{ id: code.id, number: 1, text: '246810' }]);
    const roles = ['arn:aws:iam::1:role/first', 'arn:aws:iam::1:role/second'];
    host.answers = ['second'];
    await storeHas([], [question({ kind: 'role', roles, policy: '{}' }, 2)]);
    await expect.poll(answers).toContainEqual({ id: code.id, number: 2, text: roles[1] });
    host.answers = ['Deploy'];
    await storeHas([], [question({ kind: 'confirm', plan: PLAN }, 3)]);
    await expect.poll(answers).toContainEqual({ id: code.id, number: 3, text: 'yes' });
    const shown = host.shown.at(-1);
    expect(shown?.text).toBe('Deploy markov as shop?');
    for (const fact of ['123456789012', 'eu-central-1', 'recsys-b', '2048 MB', 'tf:2.19', 'role/endpoint'])
      expect(shown?.detail).toContain(fact);
    await storeHas([endpoint()], [question({ kind: 'confirm', plan: PLAN }, 3)]);
    expect(host.shown).toHaveLength(3);
    // The role of the last time comes first.
    host.answers = [undefined, 'Cancel'];
    await storeHas([], [question({ kind: 'role', roles, policy: '{}' }, 4)]);
    await expect.poll(() => host.shown[3]?.choices.slice(0, 2)).toEqual(['second', 'first']);
  });

  it('waits where it was closed, until it is answered or turned away', async () => {
    host.answers = [undefined, 'Answer', '246810'];
    await storeHas([], [question({ kind: 'code', device: 'd' })]);
    await expect.poll(answers).toMatchObject([{ number: 1, text: '246810' }]);
    expect(host.shown.map(({ kind }) => kind)).toEqual(['input', 'information', 'input']);
    host.answers = [undefined, 'Cancel'];
    await storeHas([], [question({ kind: 'role', policy: '{}' }, 2)]);
    await expect.poll(() => answers().at(-1)).toEqual({ id: '20261130-010203004-abcd', number: 2 });
  });

  it('a plan that is turned away from is a no', async () => {
    host.answers = [undefined];
    await storeHas([], [question({ kind: 'confirm', plan: { ...PLAN, everything: true } })]);
    await expect.poll(answers).toEqual([{ id: '20261130-010203004-abcd', number: 1 }]);
    expect(host.shown[0]?.detail).toContain('trained on everything; it was not measured itself');
    expect(host.shown[0]?.detail).toContain('Stays: until it is taken away');
  });

  it('a plan says how large the graph is, and warns of one that is large or slow', async () => {
    const shown = async (graph: typeof PLAN.graph): Promise<string> => {
      host.answers = [undefined];
      const before = host.shown.length;
      await storeHas([], [question({ kind: 'confirm', plan: { ...PLAN, graph } }, before + 1)]);
      await expect.poll(() => host.shown.length).toBe(before + 1);
      return host.shown.at(-1)?.detail ?? '';
    };
    const small = await shown({ bytes: 51e6, numbers: 6.2e6 });
    expect(small).toContain('Graph: 51.0 MB; a query of 10 items goes through about 6.2 M numbers');
    expect(small).not.toMatch(/Large|Slow/);
    expect(await shown({ bytes: 1.2e9, numbers: 3e8 })).toMatch(/Large: .*1\.2 GB.*\nSlow: /);
  });

  it.each([
    [true, /Stays: until .*; a clock at AWS takes it away then, where you may set one/],
    [undefined, /Stays: until .*; nothing at AWS takes it away by itself/],
  ])('a plan says who takes it away (a clock: %s)', async (clock, text) => {
    host.answers = [undefined];
    const plan = { ...PLAN, expires: '2026-12-01T00:00:00.000Z', clock };
    await storeHas([], [question({ kind: 'confirm', plan })]);
    await expect.poll(answers).toHaveLength(1);
    expect(host.shown[0]?.detail).toMatch(text);
  });

  it('the least policy is shown in an editor, and the question waits', async () => {
    host.answers = ['Print least policy'];
    await storeHas([], [question({ kind: 'role', roles: [], policy: '{"trust": 1}' })]);
    await expect.poll(() => host.documents).toEqual(['{"trust": 1}']);
    expect(answers()).toEqual([]);
    expect(host.shown[0]?.items[0]?.detail).toBe('The account has no role that SageMaker may take.');
  });

  it('a sign-in is made in a terminal, where there is the AWS command line', async () => {
    const bin = path.join(folder, 'bin');
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, 'aws'), '', { mode: 0o755 });
    expect([await hasAws({ PATH: bin }), await hasAws({ PATH: folder })]).toEqual([true, false]);
    vi.stubEnv('PATH', bin);
    host.answers = ['Sign In', 'Sign In'];
    await storeHas([], [question({ kind: 'signIn' })]);
    await expect.poll(() => host.terminals.map(({ text }) => text)).toEqual(['aws sso login --profile shop']);
    vi.stubEnv('PATH', folder);
    await storeHas([], [question({ kind: 'signIn' }, 2)]);
    await expect
      .poll(() => host.messages('warning').at(-1))
      .toMatch(/Install it, then run: aws sso login --profile shop/);
    vi.unstubAllEnvs();
    expect(answers()).toEqual([]);
  });

  it('is not put where the folder is not trusted', async () => {
    host.isTrusted = false;
    engine.questions = [question({ kind: 'code', device: 'd' })];
    engine.changed();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(host.shown).toEqual([]);
    host.isTrusted = true;
    engine.changed();
    await expect.poll(() => host.shown.length).toBeGreaterThan(0);
  });
});

describe('an endpoint at AWS', () => {
  const FRONT = 'https://example.com/predict';
  const row = (more: Partial<SageMakerEndpoint>, status?: string) =>
    awsRow(endpoint(more), { whose: () => 'first', status, now: Date.parse('2021-11-30T03:00:00.000Z') });

  it('has a row that says how it is, what answers, where, and for how long', () => {
    expect(row({}).description).toBe('in service · markov of first · serverless · eu-central-1 · for 3 h');
    const toZero = { type: 'toZero', instance: 'ml.m5.large', most: 2, memory: 1024 } as const;
    expect(row({ capacity: toZero }).description).toContain(' · ml.m5.large, to zero · ');
    const { value } = row({ capacity: toZero }).tooltip as { value: string };
    expect(value).toMatch(/0 to 2 × ml.*paid by the hour while there are any.*idle they all go/);
    const instance = { type: 'instances', instance: 'ml.t2.medium', count: 1, most: 1 } as const;
    expect(row({ capacity: instance, expires: '2021-11-30T05:00:00.000Z' }).description).toMatch(
      /ml\.t2\.medium .* 2 h left$/,
    );
    expect(row({ expires: '2021-11-30T02:00:00.000Z' }).description).toMatch(/its time is over$/);
    expect(row({}, 'gone').description).toMatch(/^AWS says: gone/);
    expect(row({ state: 'ended', failure: { message: 'no' } }).description).toMatch(/^failed/);
    expect(row({ state: 'left', answering: undefined }).description).toMatch(/pieces were left/);
    expect(row({ failure: { message: 'no' } }).description).toMatch(/the update failed/);
  });

  it('tells who takes it away, and that its time was over', () => {
    const [later, before] = ['2021-11-30T05:00:00.000Z', '2021-11-30T02:00:00.000Z'];
    const told = (more: Partial<SageMakerEndpoint>): string => (row(more).tooltip as { value: string }).value;
    expect(told({ expires: later })).toContain('nothing at AWS does so by itself');
    expect(told({ expires: later, clock: true })).toContain('A clock at AWS takes it away at');
    expect(told({ expires: before, clock: true })).toContain('refresh its status to see whether it was');
    const over = { expires: before, clock: true } as const;
    expect(row(over, 'gone').description).toMatch(
      /^its time was over, taken away by the clock at AWS · [^·]* · [^·]* · eu-central-1$/,
    );
    expect(row({ expires: before }, 'gone').description).toMatch(/^its time was over, it is gone ·/);
    expect(row({ expires: later, clock: true }, 'gone').description).toMatch(/^AWS says: gone/);
    expect(row({ state: 'ended', ranOut: true }).description).toMatch(
      /^its time was over, it was taken away/,
    );
    expect(row({ state: 'left', ranOut: true }).description).toMatch(/^its time was over, pieces were left/);
  });

  it('offers what can be done with it', () => {
    expect(tokensOf(endpoint())).toBe('sagemaker answering deletable');
    expect(tokensOf(endpoint({ earlier: { model: 'm', kind: 'k' } }))).toContain('revertible');
    expect(tokensOf(endpoint({ state: 'deploying', deployment: 'd' }))).toBe('sagemaker deploying');
    expect(tokensOf(endpoint({ state: 'damaged' }))).toBe('sagemaker');
    expect(tokensOf(endpoint({ front: FRONT }))).toBe('sagemaker answering fronted deletable');
  });

  it('has a front whose address it tells, and which is copied as a request that its callers sign', async () => {
    expect(row({ front: FRONT }).description).toContain('eu-central-1 · REST front');
    expect((row({ front: FRONT }).tooltip as { value: string }).value).toContain('example');
    await storeHas([endpoint({ front: FRONT, frontAccess: 'iam' }), endpoint({ id: 'aws:x', name: 'x' })]);
    await run('recsys.copyFrontCurl');
    expect(host.clipboard).toMatch(/^curl --aws-sigv4 aws:amz:eu-central-1:execute-api --user /);
    expect(host.clipboard).toContain('https://example.com/predict?session=a,b,c');
  });

  const STARTED =
    / --profile shop --region eu-central-1 --id [\d-]+-\w{4} --ask-by-file --json --store \S+ --errors=json$/;

  it('is rolled back once that is meant, by a process that outlives the window', async () => {
    await storeHas([endpoint({ earlier: { model: 'popularity', kind: 'popularity' } })]);
    host.answers = [undefined];
    await run('recsys.rollBackEndpoint');
    expect(launches).toEqual([]);
    host.answers = ['Roll Back'];
    await run('recsys.rollBackEndpoint');
    expect(host.shown[0]?.text).toBe('Let shop answer by popularity again?');
    expect(launched()[0]).toMatch(/^endpoint rollback shop /);
    expect(launched()[0]).toMatch(STARTED);
    expect(host.progress[0]?.title).toBe('RecSys: rolling shop back');
    engine.endpoints = [endpoint({ answering: { model: 'popularity', kind: 'popularity', run: RUN } })];
    ends({ what: 'rollback', deployment: 'd' });
    await expect
      .poll(() => host.messages('information').at(-1))
      .toMatch(/^shop answers by popularity of .* again\.$/);
  });

  it('is deleted once the person has seen what goes; what stays is told, with the way to go on', async () => {
    await storeHas([endpoint()]);
    host.answers = ['Delete', 'Delete…', undefined];
    await run('recsys.deleteEndpoint', window.endpoints.list.atAws[0]);
    expect(host.shown[0]).toMatchObject({ kind: 'warning', choices: ['Delete'] });
    expect(host.shown[0]?.detail).toMatch(/• endpoint shop\n• model m/);
    expect(launched()[0]).toMatch(/^endpoint delete shop /);
    expect(launched()[0]).toMatch(STARTED);
    const remaining = [{ piece: 'bucket b', why: 'AWS did not answer' }];
    ends({ removals: [{ endpoint: 'shop', removed: ['endpoint shop'], left: [], remaining }] }, 1);
    await expect
      .poll(() => host.messages('warning')[1])
      .toBe('Taken away: endpoint shop. Still there: bucket b (AWS did not answer). Try again later.');
    expect(host.shown[1]?.choices).toEqual(['Delete…']);
    await expect.poll(() => host.messages('warning')[2]).toMatch(/^Delete the endpoint shop/);
    expect(host.messages('error')).toEqual([]);
  });

  it('tells how much of it is gone, of a removal that another window started too, and offers nothing else', async () => {
    engine.changes = [change({ pieces: 4, status: 'Deleting' })];
    await storeHas([endpoint({ changing: 'delete' })]);
    expect(host.progress[0]).toMatchObject({ title: 'RecSys: taking shop away', total: 50 });
    expect(host.progress[0]?.messages.at(-1)).toBe('2 of 4 pieces are gone · AWS says: Deleting');
    expect(tokensOf(endpoint({ changing: 'delete' }))).toBe('sagemaker answering');
    expect(row({ changing: 'delete' }).description).toMatch(/^being taken away/);
    expect(row({ changing: 'deleteFront' }).description).toMatch(
      /^in service, its front is being taken away/,
    );
    expect(row({ changing: 'rollback' }).description).toMatch(/^being rolled back/);
    await run('recsys.deleteEndpoint');
    expect(host.messages('error')).toEqual([
      'No endpoint at AWS suits this. Deploy a run with “RecSys: Deploy”.',
    ]);
    host.progress[0]?.cancel();
    await expect.poll(() => engine.asksOf('endpoints/cancel')).toEqual([{ id: GOING }]);
    engine.changes = [
      change({
        state: 'succeeded',
        removals: [{ endpoint: 'shop', removed: ['all'], left: [], remaining: [] }],
      }),
    ];
    await storeHas([]);
    await expect.poll(() => host.messages('information')).toEqual(['Taken away: all.']);
    expect(engine.told).toEqual([GOING]);
  });

  it('whose removal ended while no window was open is told of by the next one, once', async () => {
    const ids = [1, 2, 3, 4, 5, 6].map((at) => `20261130-01020300${at}-abcd`);
    const [gone = '', lost = '', wholly = '', failed = '', back = '', stopped = ''] = ids;
    const removals = [{ endpoint: 'a', removed: ['endpoint a'], left: [], remaining: [] }];
    const failure = { message: 'AWS does not allow it.', hint: 'Ask an administrator.' };
    engine.untold = ids;
    engine.changes = [
      change({ id: gone, endpoint: 'a', state: 'succeeded', removals }),
      change({ id: lost, state: 'lost' }),
      change({ id: wholly, endpoint: 'b', state: 'lost' }),
      change({ id: failed, what: 'deleteFront', state: 'failed', failure }),
      change({ id: back, what: 'rollback', state: 'lost' }),
      change({ id: stopped, what: 'things', endpoint: undefined, state: 'cancelled' }),
    ];
    await storeHas([endpoint()]);
    await expect
      .poll(() => host.messages('information'))
      .toEqual(['Taken away: endpoint a.', 'Done: taking b away.', 'Cancelled: deleting at AWS.']);
    await expect
      .poll(() => host.messages('error'))
      .toEqual([
        'The process was lost that was taking shop away. Not all of it may be gone: do it again.',
        'AWS does not allow it. Ask an administrator.',
        'The process was lost that was rolling shop back. Roll it back again, or sweep, which lets the model answer again that did before.',
      ]);
    expect(host.shown.map(({ choices }) => choices.join())).toEqual(
      expect.arrayContaining(['Delete…', 'Show Log', 'Roll Back…']),
    );
    expect([...engine.told].sort()).toEqual(ids);
  });

  it('that did not go wholly says so in its row, and its deployment is no news', async () => {
    const failure = { message: 'The endpoint was being taken away.', hint: 'Delete it again.' };
    const deployment = '20261130-010203003-abcd';
    engine.untold = [deployment];
    await storeHas([endpoint({ deployment, failure, removal: 'endpoint' })]);
    expect(host.shown).toEqual([]);
    expect(row({ failure, removal: 'endpoint' }).description).toMatch(/^was being taken away/);
    expect(row({ failure, removal: 'front' }).description).toMatch(/its front was being taken/);
  });

  it('loses its REST front alone once that is meant', async () => {
    await storeHas([endpoint({ front: FRONT }), endpoint({ id: 'aws:x', name: 'x' })]);
    host.answers = [undefined];
    await run('recsys.deleteFront');
    expect(launches).toEqual([]);
    host.answers = ['Delete'];
    await run('recsys.deleteFront');
    expect(host.shown[0]).toMatchObject({ text: 'Delete the REST front of shop?', choices: ['Delete'] });
    expect(host.shown[0]?.detail).toMatch(/by shop\.[^]*example[^]*The endpoint itself stays\./);
    expect(launched()).toEqual([expect.stringMatching(/^endpoint delete shop --rest /)]);
    const removed = ['REST front recsys-rest-shop'];
    ends({ what: 'deleteFront', removals: [{ endpoint: 'shop', removed, left: [], remaining: [] }] });
    await expect
      .poll(() => host.messages('information'))
      .toEqual(['Taken away: REST front recsys-rest-shop.']);
  });

  it('whose removal never began says what its process said', async () => {
    await storeHas([endpoint()]);
    host.answers = ['Delete'];
    await run('recsys.deleteEndpoint');
    const words = { type: 'failure', t: 0, message: 'It is not there.', hint: 'Look.', exitCode: 3 };
    launches[0]?.end({ code: 3, said: JSON.stringify(words) });
    await expect.poll(() => host.messages('error')).toEqual(['It is not there. Look.']);
  });

  it('is swept by one process for all profiles, which the window may leave alone', async () => {
    await storeHas([endpoint(), endpoint({ id: sageMakerId('b'), name: 'b', profile: 'other' })]);
    const swept = { removed: ['model m'], left: [], remaining: [] };
    await run('recsys.sweepEndpoints');
    expect(launched()).toEqual([expect.stringMatching(/^endpoint sweep --each-profile --id /)]);
    expect(launched()[0]).not.toMatch(/--profile|--region/);
    const removals = [
      { endpoint: 'shop', ...swept },
      { endpoint: 'b', ...swept, removed: [], skipped: 'no' },
    ];
    ends({ what: 'sweep', endpoint: undefined, profile: undefined, removals }, 1);
    await expect.poll(() => host.messages('warning')).toEqual(['Taken away: model m. Not looked at: b: no']);
    expect(launches).toHaveLength(1);
  });

  it('tells what AWS says of it when it was asked', async () => {
    await storeHas([endpoint()]);
    tells('list', { endpoints: [{ endpoint: 'shop', status: 'gone' }] });
    await run('recsys.refreshEndpoints');
    const [shown] = window.endpoints.list.atAws;
    expect(shown && window.endpoints.status.of(shown)).toBe('gone');
  });

  it('shows the words of AWS where something is not allowed', async () => {
    await storeHas([endpoint()]);
    tells('list', { failure: { message: 'AWS does not allow it.', hint: 'Ask an administrator.' } });
    await run('recsys.refreshEndpoints');
    expect(host.messages('error')).toEqual(['AWS does not allow it. Ask an administrator.']);
  });

  it('can be asked by a command that is copied', async () => {
    await storeHas([endpoint()]);
    await run('recsys.copyEndpointCommand');
    expect(host.clipboard).toMatch(
      /^aws sagemaker-runtime invoke-endpoint --endpoint-name shop --region eu-central-1 --profile shop /,
    );
  });

  it('that scales to zero is asked by its component, and paid by nobody while nobody asks', async () => {
    const capacity = { type: 'toZero', instance: 'ml.m5.large', most: 2, memory: 1024 } as const;
    await storeHas([endpoint({ capacity, component: 'shop' })]);
    await run('recsys.copyEndpointCommand');
    expect(host.clipboard).toContain(' --inference-component-name shop ');
    expect(host.messages('warning')).toEqual([]);
  });

  it('and all else that was made is found with what it costs, and deleted once that is meant', async () => {
    const thing = {
      ...{ kind: 'endpoint', name: 'forgotten', arn: 'arn:e', region: 'us-east-1', on: '1 × ml.m5.large' },
      price: { type: 'known', usd: 0.138, asked: '2026-11-30T01:02:03.000Z' },
      ...{ soFar: 12.5, workspace: 'w', isOver: true, byName: false, remove: 'recsys endpoint delete' },
    };
    const failures = [{ region: 'eu-west-1', message: 'AWS does not allow it.' }];
    const found = { type: 'costs', t: 0, account: '1', regions: ['us-east-1'], failures };
    tells('costs', { ...found, things: [thing], hourly: 0.138, soFar: 12.5, unknownPrices: 0 });
    host.answers = ['shop', undefined];
    await run('recsys.findCosts');
    expect(host.messages('warning')).toEqual(['Not looked at: eu-west-1: AWS does not allow it.']);
    expect(commands().map(([, name]) => name)).toEqual(['profiles', 'costs']);
    host.answers = ['shop', ['endpoint forgotten'], 'Delete'];
    await run('recsys.findCosts');
    expect(launched()[0]).toMatch(/^endpoint delete --arn arn:e --yes --profile shop --region eu-central-1 /);
    const removals = [{ endpoint: 'arn:e', removed: ['endpoint forgotten'], left: [], remaining: [] }];
    ends({ what: 'things', endpoint: undefined, removals });
    await expect.poll(() => host.messages('information').at(-1)).toBe('Taken away: endpoint forgotten.');
  });

  it('that a clock was to take away is called to mind in other words', async () => {
    const capacity = { type: 'instances', instance: 'ml.t2.medium', count: 1, most: 1 } as const;
    const over = { capacity, expires: '2021-11-30T02:00:00.000Z', clock: true } as const;
    await storeHas([endpoint(over), endpoint({ capacity, id: sageMakerId('b'), name: 'b' })]);
    expect(host.messages('warning')[0]).toMatch(
      /^Paid by the hour at AWS: b \(.*\)\. To be taken away by a clock at AWS, and not cleared here yet: shop \(.*its time is over\)\.$/,
    );
  });

  it('that costs by the hour is called to mind once a session', async () => {
    const capacity = { type: 'instances', instance: 'ml.t2.medium', count: 1, most: 1 } as const;
    host.answers = ['Delete…', undefined];
    await storeHas([endpoint({ capacity }), endpoint({ id: sageMakerId('b'), name: 'b' })]);
    expect(host.messages('warning')[0]).toMatch(
      /^Paid by the hour at AWS: shop \(ml\.t2\.medium, for .*\)\.$/,
    );
    await expect.poll(() => host.executedIds()).toContain('recsys.deleteEndpoint');
    await storeHas([endpoint({ capacity, name: 'again' })]);
    expect(host.messages('warning').filter((text) => text.startsWith('Paid'))).toHaveLength(1);
    expect(window.kept.get('recsys.remindedOfCosts')).toBe('session');
  });
});
