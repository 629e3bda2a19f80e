/**
 * Predictions by a batch transform, against moto's server, whose jobs the proxy does: the whole life cycle, and each call made
 * to fail in turn. Real AWS is not reached. Needs an interpreter with moto in RECSYS_PYTHON.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { withCompanions } from '../../src/protocol/companions.ts';
import type { Question } from '../../src/protocol/question.ts';
import { UserError } from '../../src/protocol/user-error.ts';
import type { Aws } from '../../src/pipeline/deploy/aws/aws-clients.ts';
import { findCosts } from '../../src/pipeline/deploy/aws/costs.ts';
import { sweep } from '../../src/pipeline/deploy/aws/endpoints.ts';
import { InstancePrices } from '../../src/pipeline/deploy/aws/instance-prices.ts';
import { removeThings } from '../../src/pipeline/deploy/aws/remove-things.ts';
import { rankByTransform } from '../../src/pipeline/deploy/aws/transform.ts';
import { planTransform, type TransformRequest } from '../../src/pipeline/deploy/aws/transform-plan.ts';
import { endpointHandlers } from '../../src/pipeline/engine/handlers/endpoints.ts';
import { journalFolders } from '../../src/pipeline/deploy/deployment-folder.ts';
import { PriceCache } from '../../src/pipeline/deploy/price-cache.ts';
import { predictFile } from '../../src/pipeline/predict/predict-file.ts';
import type { PredictPorts, Predictions, PredictRequest } from '../../src/pipeline/predict/prediction.ts';
import { patience } from '../unit/support/patience.ts';
import { startRecsys } from '../unit/support/recsys-cli.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { openAtMoto, REGION, SECRETS, toldFailure } from './support/at-moto.ts';
import type { AwsProxy, Failure } from './support/aws-proxy.ts';
import { fakeArchive } from './support/fake-archive.ts';
import { madeAt } from './support/made-at.ts';
import { serveByMoto, type ServedByMoto } from './support/served-by-moto.ts';
import { TransformJobs } from './support/transform-jobs.ts';

const ROLE = 'arn:aws:iam::123456789012:role/batch';
const folder = temporaryFolder();
const input = path.join(folder, 'queries.csv');
const scratch: string[] = [];
let served: ServedByMoto;
let aws: Aws;
let proxy: AwsProxy;
let jobs: TransformJobs;
let packages: readonly [string, string];
let answers: readonly ((body: string) => unknown)[];
/** The workspace of a test. */
let place: string;
let told = '';

const never = new AbortController().signal;
const quiet = (): void => undefined;
const at = (name: string): string => path.join(place, name);
const store = (): string => at('.recsys');

/** 700 queries, so that there are several batches; some of unknown items alone, one very long. */
function writeQueries(): void {
  const rows = Array.from({ length: 700 }, (_, q) => {
    const length = q === 300 ? 2000 : 1 + (q % 5);
    return Array.from({ length }, (__, i) => {
      const name = q % 50 === 7 ? 'nobody' : `item ""${(q * 7 + i * 3) % 30}"" é`;
      return `s${q},${i},"${name}"`;
    });
  });
  fs.writeFileSync(input, `session,at,title\n${rows.flat().join('\n')}\n`);
}

interface Trial extends Partial<TransformRequest> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string) => void;
  readonly output?: string;
  readonly keepSeen?: boolean;
}

function predictRequest(output: string, keepSeen = false): PredictRequest {
  return {
    ...{ packageFolder: packages[0], input, output: at(output), force: false, k: 7, keepSeen },
    ...{ threads: 1, memoryLimit: 1024, trainedOn: undefined },
    changes: { sequence: ['session'], item: ['title'], order: ['at'] },
  };
}

function reporterOf(onProgress: (stage: string) => void): PredictPorts['reporter'] {
  const say = (message: string): void => void (told += message);
  return { progress: (stage) => onProgress(stage), loss: quiet, info: say, warn: say };
}

async function run({
  signal = never,
  onProgress = quiet,
  output = 'out.ndjson',
  keepSeen,
  ...more
}: Trial = {}): Promise<Predictions> {
  const client = await openAtMoto();
  const request: TransformRequest = {
    ...{ storeFolder: store(), packageFolder: packages[0], output: at(output), role: ROLE, count: 1 },
    ...{ prepareArchive: fakeArchive(300_000), fileBytes: 20_000 },
    prices: new InstancePrices(client, new PriceCache(at('cache'))),
    source: { run: '20261130-010203004-abcd', model: 'markov', kind: 'markov' },
    ...more,
  };
  const plan = await planTransform(client, request);
  const reporter = reporterOf(onProgress);
  return predictFile(predictRequest(output, keepSeen), {
    ...{ reporter, signal },
    rank: rankByTransform(client, plan, request, { reporter, signal }),
  });
}

async function failure(trial: Trial = {}): Promise<UserError> {
  const error = await toldFailure(run(trial));
  told += `${error.message} ${error.hint}`;
  return error;
}

const Line = z.object({
  ...{ session: z.string(), query_items: z.number(), unknown_items: z.number(), answered_by: z.string() },
  ...{ from_model: z.number(), items: z.array(z.string()), scores: z.array(z.nullable(z.number())) },
});

const linesOf = (name: string): z.infer<typeof Line>[] =>
  fs
    .readFileSync(at(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)));

/** Float32, as graphs have them. */
const rounded = (name: string): unknown =>
  linesOf(name).map((line) => ({
    ...line,
    scores: line.scores.map((score) => (score === null ? null : Math.fround(score))),
  }));

async function expectNothing(): Promise<void> {
  expect(await madeAt(aws)).toEqual([]);
  expect(journalFolders(store())).toEqual([]);
  expect(fs.readdirSync(place).filter((name) => name.startsWith('.partial'))).toEqual([]);
}

beforeAll(async () => {
  served = await serveByMoto(folder);
  ({ aws, answers, packages, proxy } = served);
  const credentials = { accessKeyId: SECRETS.id, secretAccessKey: SECRETS.key };
  jobs = new TransformJobs(
    proxy,
    new S3Client({ endpoint: served.url, region: REGION, credentials, forcePathStyle: true }),
  );
  writeQueries();
}, 60_000);
afterAll(async () => {
  await served.stop();
  for (const each of [folder, ...scratch]) fs.rmSync(each, { recursive: true, force: true });
});
beforeEach(async () => {
  await served.reset('batch');
  jobs.reset();
  jobs.answer = (line) => answers[0]?.(line);
  place = temporaryFolder();
  scratch.push(place);
});

const CREATING = ['CreateBucket', 'PutObject', 'CreateModel', 'CreateTransformJob'];
/** S3 takes no parts below 5 MiB but the last. */
const PART = 5 << 20;
const PARTS = { partBytes: PART, prepareArchive: fakeArchive(2 * PART + 1000) };
const refused: Failure = { how: 'error', status: 400, code: 'ValidationException', message: 'no' };
const broken: Failure = { how: 'error', status: 500, code: 'InternalFailure', message: 'oops' };

describe('predictions by a batch transform', () => {
  it('are those of this machine, and nothing stays at AWS', async () => {
    const predictions = await run();
    await predictFile(predictRequest('here.ndjson'), { reporter: reporterOf(quiet), signal: never });
    expect(rounded('out.ndjson')).toEqual(rounded('here.ndjson'));
    const lines = linesOf('out.ndjson');
    expect(lines).toHaveLength(700);
    expect(lines[300]?.query_items).toBe(2000);
    expect(new Set(lines.map((line) => line.answered_by))).toEqual(new Set(['model', 'popularity']));
    expect(lines.some((line) => line.scores.includes(null))).toBe(true);
    expect(predictions).toMatchObject({ queries: 700, unanswered: 0 });
    const [job] = jobs.jobs.values();
    expect([job?.status, job?.asked.TransformResources]).toEqual([
      'Completed',
      { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    ]);
    expect(job?.asked.Tags.map(({ Key }) => Key)).toContain('recsys:workspace');
    expect(proxy.calls.filter(({ name }) => name === 'GetObject').length).toBeGreaterThan(1);
    // A hundred, and one of each of the other batches.
    expect(told).toContain('102 of the job');
    await expectNothing();
  });

  it('are asked in requests that our own server takes, which has the REST interface of TensorFlow Serving', async () => {
    const words = ['serve', '--package', packages[0], '--port', '0', '--name', 'model', '--store', store()];
    const { child, end } = startRecsys(words, { cwd: place });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const hear = (text: string): void => {
        said += text;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      void end.then(() => reject(new Error(said)));
    });
    try {
      jobs.answer = async (body) => {
        const reply = await fetch(`${url}/v1/models/model:predict`, {
          ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
        });
        return reply.json();
      };
      await run();
    } finally {
      child.kill('SIGTERM');
      await end;
    }
    await predictFile(predictRequest('here.ndjson'), { reporter: reporterOf(quiet), signal: never });
    expect(rounded('out.ndjson')).toEqual(rounded('here.ndjson'));
  });

  it('keep what a query holds, and go into tables', async () => {
    await run({ output: 'out.csv', keepSeen: true, prepareArchive: fakeArchive(1000) });
    expect(proxy.calls.some(({ name }) => name === 'CreateTransformJob')).toBe(true);
    expect(fs.readFileSync(at('out.csv'), 'utf8')).toMatch(/^session,rank,item,score,answered_by\n/);
    await expectNothing();
  });

  it.each<[string, (lines: string[]) => string[] | undefined, RegExp]>([
    ['lists that are others', (lines) => [...lines].reverse(), /differs from that of the model/],
    ['too few lists', (lines) => lines.slice(1), /differs|only/],
    ['too many lists', (lines) => [...lines, ...lines], /differs|more lists/],
    ['a refusal', () => ['{"error": "no such signature"}'], /no such signature/],
    ['what is no JSON', () => ['<html>'], /<html>/],
    ['nothing', () => undefined, /has written no answers for part-00000/],
  ])('are refused where the job writes %s', async (_, change, message) => {
    jobs.change = change;
    expect((await failure()).message).toMatch(message);
    expect(fs.existsSync(at('out.ndjson'))).toBe(false);
    await expectNothing();
  });

  it('tell why a job failed', async () => {
    jobs.failure = 'ClientError: the container ran out of memory';
    const { message, hint } = await failure();
    expect(message).toContain('ran out of memory');
    expect(message).toContain('taken away again');
    expect(hint).toContain('--instance-type');
    await expectNothing();
  });

  it.each<[string, Trial, RegExp]>([
    ['no role', { role: undefined }, /--role arn:aws:iam::123456789012:role\/batch/],
    ['a bucket that is not there', { bucket: 'nobodys-bucket' }, /--bucket/],
    ['an instance that is none', { instance: 'large' }, /ml\.m5\.large/],
  ])('are refused for %s', async (_, trial, hint) => {
    expect((await failure(trial)).hint).toMatch(hint);
    await expectNothing();
  });
});

describe('each call that fails', () => {
  const failures = { refused, broken, lost: { how: 'lost' } } as const satisfies Record<string, Failure>;
  const cases: readonly (readonly [string, keyof typeof failures])[] = [
    ...[...CREATING, 'CreateMultipartUpload', 'CompleteMultipartUpload'].flatMap((name) =>
      (['refused', 'broken', 'lost'] as const).map((how) => [name, how] as const),
    ),
    ...['UploadPart', 'GetObject', 'PutBucketEncryption'].map((name) => [name, 'broken'] as const),
  ];
  it.each(cases)('%s, %s: nothing stays', async (name, how) => {
    // Parts go side by side, and each is sent twice.
    proxy.fail(new RegExp(`^${name}$`), failures[how], name === 'UploadPart' ? 6 : 2);
    const ended = await run(name.includes('Upload') ? PARTS : {}).then(
      () => 'predicted',
      (error: unknown) => (error instanceof UserError ? 'told' : String(error)),
    );
    // What was done in spite of a lost answer is found again; then it is no failure.
    expect(['told', how === 'lost' ? 'predicted' : 'told']).toContain(ended);
    expect(fs.existsSync(at('out.ndjson'))).toBe(ended === 'predicted');
    await sweep(await openAtMoto(), store(), never);
    await expectNothing();
  });

  it('DescribeTransformJob, broken for a moment: the job is waited for', async () => {
    proxy.fail(/^DescribeTransformJob$/, broken, 2);
    expect(await run()).toMatchObject({ queries: 700 });
    await expectNothing();
  });

  it('DescribeTransformJob, broken for good: it is told what may be there, and the sweep takes it away', async () => {
    proxy.fail(/^DescribeTransformJob$/, broken, 1e9);
    const { message } = await failure();
    expect(message).toContain('This may still be there');
    expect(fs.existsSync(at('out.ndjson'))).toBe(false);
    proxy.heal();
    await sweep(await openAtMoto(), store(), never);
    await expectNothing();
  });

  it('UploadPart, and what would take it away: the next predictions go on with the parts that are there', async () => {
    proxy.fail(/^UploadPart$/, {
      how: 'then',
      action: () => proxy.fail(/^(Upload|Abort|Delete)/, broken, 1e9),
    });
    const { message } = await failure(PARTS);
    expect(message).toContain('This may still be there: unfinished upload');
    proxy.heal();
    proxy.calls.length = 0;
    await run(PARTS);
    const names = proxy.calls.map(({ name }) => name);
    expect(names).not.toContain('CreateMultipartUpload');
    expect(names.filter((name) => name === 'UploadPart').length).toBeLessThan(3);
    await expectNothing();
  });

  it.each(['writing queries', 'uploading the model', 'the job is InProgress', 'downloading'])(
    'cancelled while %s: the job stops, and nothing stays',
    async (stage) => {
      jobs.looks = stage.startsWith('the job') ? 1e9 : 2;
      const controller = new AbortController();
      const onProgress = (now: string): void => {
        if (now === stage) controller.abort();
      };
      await expect(run({ signal: controller.signal, onProgress })).rejects.toThrow(/abort/i);
      await expectNothing();
      const stopped = [...jobs.jobs.values()].map(({ status }) => status);
      if (stage.startsWith('the job')) expect(stopped).toEqual(['Stopped']);
      expect(fs.existsSync(at('out.ndjson'))).toBe(false);
    },
  );
});

describe('the command line, killed right after a call', () => {
  const words = (): string[] => [
    ...['predict', '--package', packages[0], '--input', input, '--output', at('out.ndjson')],
    ...['--sequence', 'session', '--item', 'title', '--order', 'at', '--threads', '1'],
    ...['--store', store(), '--at-aws', '--region', REGION, '--role', ROLE, '--yes'],
  ];

  it.each(CREATING)('%s: the sweep leaves nothing', async (call) => {
    jobs.looks = 1e9;
    const { child, end } = startRecsys(words(), { cwd: place });
    proxy.fail(new RegExp(`^${call}$`), { how: 'then', action: () => child.kill('SIGKILL') });
    const { signal, stdout, stderr } = await end;
    told += stdout + stderr;
    expect(signal).toBe('SIGKILL');
    expect((await madeAt(aws)).length).toBeGreaterThan(0);
    await sweep(await openAtMoto(), store(), never);
    expect(await madeAt(aws)).toEqual([]);
    expect(journalFolders(store())).toEqual([]);
  });

  it('stops the job at Ctrl+C, and says so', async () => {
    jobs.looks = 1e9;
    const { child, end } = startRecsys(words(), { cwd: place });
    proxy.fail(/^DescribeTransformJob$/, { how: 'then', action: () => child.kill('SIGINT') });
    const { code, stderr } = await end;
    told += stderr;
    expect(code).toBe(130);
    expect(stderr).toContain('on         1 × ml.m5.large for as long as the job takes');
    expect(stderr).toContain('What was made at AWS was taken away again.');
    expect(stderr).toContain('Cancelled: nothing was written.');
    expect([...jobs.jobs.values()].map(({ status }) => status)).toEqual(['Stopped']);
    await expectNothing();
  });

  it('prints what is needed, and makes nothing', async () => {
    const { code, stdout } = await startRecsys(
      ['predict', '--at-aws', '--print-policy', '--region', REGION],
      {
        cwd: place,
      },
    ).end;
    expect(code).toBe(0);
    for (const needed of ['sagemaker:CreateTransformJob', 'sagemaker:StopTransformJob', 's3:PutObject'])
      expect(stdout).toContain(needed);
    await expectNothing();
  });
});

describe('predictions that a window follows', () => {
  const TAKEN_AWAY = 'What was made at AWS was taken away again.';
  const ID = '20261130-010203004-abcd';
  const handlers = () => endpointHandlers({ store: store(), workspace: place });
  const listed = () => handlers()['endpoints/list']({}, never);
  const start = () =>
    startRecsys(
      [
        ...['predict', '--package', packages[0], '--input', input, '--output', at('out.ndjson')],
        ...[
          '--sequence',
          'session',
          '--item',
          'title',
          '--order',
          'at',
          '--threads',
          '1',
          '--store',
          store(),
        ],
        ...['--at-aws', '--region', REGION, '--id', ID, '--ask-by-file', '--json'],
      ],
      { cwd: place },
    );
  const asked = async (kind: string): Promise<Question> => {
    await expect
      .poll(async () => (await listed()).questions[0]?.kind, { timeout: patience(20_000) })
      .toBe(kind);
    const [question] = (await listed()).questions;
    return question ?? expect.fail();
  };
  const named = ({ id, number }: Question) => ({ id, number });
  const answer = async (kind: string, text: string): Promise<void> => {
    const { id, number } = await asked(kind);
    await handlers()['endpoints/answer']({ id, number, text }, never);
  };

  it('ask for the role and a yes to the price, and leave what came of it', async () => {
    const { end } = start();
    await answer('role', 'batch');
    const question = await asked('confirmTransform');
    expect(question).toMatchObject({
      about: 'predicting out.ndjson',
      plan: { role: ROLE, instance: 'ml.m5.large', count: 1, region: REGION, output: at('out.ndjson') },
    });
    expect(question).toMatchObject({
      plan: { choices: [{ instance: 'ml.m5.large' }, { memory: 16_384 }, {}, {}] },
    });
    await handlers()['endpoints/answer']({ ...named(question), text: 'on 2 ml.m5.xlarge' }, never);
    await expect
      .poll(async () => (await listed()).questions[0], { timeout: patience(20_000) })
      .toMatchObject({
        number: question.number + 1,
        plan: { role: ROLE, instance: 'ml.m5.xlarge', count: 2 },
      });
    expect(await madeAt(aws)).toEqual([]);
    await answer('confirmTransform', 'yes');
    const { code, stderr } = await end;
    const [job] = proxy.calls.filter(({ name }) => name === 'CreateTransformJob');
    expect(JSON.parse(job?.body ?? '')).toMatchObject({
      TransformResources: { InstanceCount: 2, InstanceType: 'ml.m5.xlarge' },
    });
    expect(code, stderr).toBe(0);
    expect(linesOf('out.ndjson')).toHaveLength(700);
    expect((await listed()).predictions).toMatchObject([
      { id: ID, state: 'succeeded', where: 'aws', predicted: { queries: 700 } },
    ]);
    await expectNothing();
  });

  it('make nothing without a yes, and take away what was made where they are cancelled', async () => {
    const turned = start();
    await answer('role', 'batch');
    const { id, number } = await asked('confirmTransform');
    await handlers()['endpoints/answer']({ id, number }, never);
    expect((await turned.end).code).toBe(130);
    expect((await listed()).predictions).toMatchObject([{ state: 'cancelled' }]);
    expect(await madeAt(aws)).toEqual([]);
    jobs.looks = 1e9;
    const { end } = start();
    await answer('role', 'batch');
    await answer('confirmTransform', 'yes');
    await expect
      .poll(async () => (await listed()).predictions[0]?.progress?.stage, { timeout: patience(30_000) })
      .toContain('the job is');
    await handlers()['endpoints/cancel']({ id: ID }, never);
    expect((await end).code).toBe(130);
    expect((await listed()).predictions).toMatchObject([
      { state: 'cancelled', warnings: expect.arrayContaining([TAKEN_AWAY]) as unknown },
    ]);
    await expectNothing();
  });
});

describe('a job at work', () => {
  afterEach(() => proxy.own.delete('GetProducts'));

  /** Leaves a job at work, as a killed process does. */
  async function leaveJob(): Promise<void> {
    jobs.looks = 1e9;
    const controller = new AbortController();
    const onProgress = (stage: string): void => {
      if (stage !== 'the job is InProgress') return;
      proxy.fail(/^(StopTransformJob|DescribeTransformJob|DeleteModel|DeleteObject)$/, broken, 1e9);
      controller.abort();
    };
    await expect(run({ signal: controller.signal, onProgress })).rejects.toThrow(/abort/i);
    proxy.heal();
  }

  it('is found by what it costs, and taken away with all that was made for it', async () => {
    const offer = (usagetype: string, USD: string): string =>
      JSON.stringify({
        product: { attributes: { usagetype } },
        terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD } } } } } },
      });
    const PriceList = [offer('EUC1-Host:ml.m5.large', '9'), offer('EUC1-Tsform:ml.m5.large', '0.1380')];
    proxy.own.set('GetProducts', () => ({ status: 200, body: JSON.stringify({ PriceList }) }));
    await leaveJob();
    const client = await openAtMoto();
    const request = { storeFolder: at('another'), regions: [REGION], signal: never };
    const prices = new InstancePrices(client, new PriceCache(at('cache')));
    const { things, hourly } = await findCosts(client, { ...request, prices });
    expect(things[0]).toMatchObject({ kind: 'transform', on: '1 × ml.m5.large', status: 'InProgress' });
    expect(hourly).toBeCloseTo(0.138);
    const chosen = withCompanions([things[0]?.arn ?? ''], things);
    const context = { aws: client, storeFolder: at('another'), signal: never, onWait: quiet };
    expect((await removeThings(context, chosen)).remaining).toEqual([]);
    expect([...jobs.jobs.values()].map(({ status }) => status)).toEqual(['Stopped']);
    expect((await madeAt(aws)).map((each) => each.split(' ')[0])).toEqual(['bucket']);
  });

  it('is stopped by the next predictions of its workspace, into whichever file', async () => {
    await leaveJob();
    const [left] = jobs.jobs.values();
    expect(left?.status).toBe('InProgress');
    jobs.looks = 2;
    await run({ output: 'other.ndjson' });
    expect(left?.status).toBe('Stopped');
    expect(fs.existsSync(at('other.ndjson'))).toBe(true);
    expect(await madeAt(aws)).toEqual([]);
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
  const all = [...files, told].join('\n');
  for (const secret of Object.values(SECRETS)) expect(all).not.toContain(secret);
});
