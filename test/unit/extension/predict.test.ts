/** *Predict for a File…*: what is asked and started, and how it is followed. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LaunchEnd } from '../../../src/extension/processes/launch-detached.ts';
import { nodeRuntime } from '../../../src/extension/processes/node-runtime.ts';
import type { BranchNode } from '../../../src/extension/runs/tree-nodes.ts';
import type { InputColumns } from '../../../src/protocol/engine.ts';
import type { Prediction } from '../../../src/protocol/prediction.ts';
import type { Question } from '../../../src/protocol/question.ts';
import { runRow, runView, stepView } from '../../vscode/suite/sample-views.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { engineOf, forgetEngines, type FakeEngine } from './fake-engine.ts';
import { launches } from './fake-launch.ts';
import { startsNothingUnlessAllIsAnswered } from './turning-away.ts';
import { host, type Answer } from './vscode-stub/host.ts';
import { Uri } from './vscode-stub/values.ts';
import { openWindow, run, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));
vi.mock('../../../src/extension/processes/launch-detached.ts', () => import('./fake-launch.ts'));

const STORE = '/projects/a/.recsys';
const RUN = '20261121-120000000-aaaa';
const ID = '20261130-010203004-abcd';
const folder = temporaryFolder();
/** Stands for `recsys endpoint profiles`. */
const cli = path.join(folder, 'cli.mjs');
fs.writeFileSync(
  cli,
  `console.log(JSON.stringify({ profiles: [{ name: 'shop', region: 'eu-central-1', account: '1', caller: 'c' }] }));`,
);
const OUTPUT = path.join(folder, 'next.csv');
const FLOW: readonly Answer[] = ['queries.csv', OUTPUT, '20', 'New ones', 'On this machine'];
const SPEC = runView().manifest.spec;
/** A file whose columns are called otherwise than those of the run's data. */
const UNLIKE: InputColumns = {
  columns: ['cart', 'singer', 'song', 'at'].map((name) => ({ name, type: 'VARCHAR', samples: ['x'] })),
  guess: {
    spec: { ...SPEC, sequence: ['cart'], item: ['song'], order: ['at'] },
    reasons: { item: 'In the run’s data: ‘artist’, ‘track’.' },
  },
  ...{ matches: false, itemParts: ['artist', 'track'], told: {} },
};

let window: OpenedWindow;
let engine: FakeEngine;
beforeEach(async () => {
  host.reset();
  forgetEngines();
  launches.length = 0;
  window = openWindow('/projects/a');
  host.files = [Uri.file('/projects/a/queries.csv')];
  for (const store of window.stores.all)
    store.move({ ...store.site, folder, runtime: nodeRuntime(cli, process.execPath) });
  engine = engineOf(STORE);
  engine.runs = [runRow({ id: RUN, best: 'markov', headline: { metric: 'hitRate@10', value: 0.4 } })];
  const artifacts = [{ name: 'model', file: 'model.json', bytes: 1, sha256: '' }];
  const step = stepView({ path: 'train/markov', step: 'train', branch: 'markov', artifacts });
  engine.handlers['data/queries'] = () => ({ ...UNLIKE, matches: true });
  engine.handlers['run/view'] = () => runView({ id: RUN, steps: [step] });
  await window.stores.load();
});
afterEach(() => window.dispose());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function prediction(more: Partial<Prediction> = {}): Prediction {
  return {
    ...{ format: 1, id: ID, process: { pid: 1, host: 'h' }, output: OUTPUT, where: 'here', warnings: [] },
    ...{ started: '2026-11-30T01:02:03.004Z', state: 'running' },
    ...more,
  };
}

const ranking = {
  type: 'progress',
  stage: 'ranking',
  done: 1,
  total: 4,
  unit: 'queries',
  share: 0.5,
} as const;
const predicted = (output = OUTPUT): NonNullable<Prediction['predicted']> => ({
  ...{ type: 'predicted', t: 0, run: RUN, model: 'markov', kind: 'markov', input: 'q', output },
  ...{ queries: 1234, rows: 5, byModel: 1, byPopularity: 0, unanswered: 0, filledUp: 0, unknownRows: 0 },
  notes: ['1 row has no item.'],
});

async function storeHas(predictions: readonly Prediction[], questions: readonly Question[] = []) {
  engine.predictions = predictions;
  engine.questions = questions;
  await window.endpoints.list.look();
}

const information = (): string => host.messages('information').join();

async function launched() {
  host.answers = [...FLOW];
  await run('recsys.predictFile', RUN);
  const launch = launches[0] ?? expect.fail();
  return { id: launch.option('--id') ?? '', end: (end: Partial<LaunchEnd>) => launch.end(end) };
}

describe('predicting for a file', () => {
  it('asks for input, output, length and place, and starts a process', async () => {
    for (const store of window.stores.all)
      store.move({ ...store.site, settings: { ...store.site.settings, maxWorkers: 3, memoryLimit: 2048 } });
    await launched();
    expect(host.shown.map(({ kind }) => kind)).toEqual(['pick', 'save', 'input', 'pick', 'pick']);
    expect(engine.asksOf('data/queries')).toEqual([{ path: '/projects/a/queries.csv', run: RUN }]);
    expect(launches[0]?.options.arguments.join(' ').replaceAll(folder, '~')).toMatch(
      /^predict 20261121-120000000-aaaa --input \/projects\/a\/queries\.csv --model markov -k 20 --output ~\/next\.csv --threads 3 --memory-limit 2048 --id [\d-]+-\w{4} --ask-by-file --json --store \/projects\/a\/\.recsys --errors=json$/,
    );
  });

  startsNothingUnlessAllIsAnswered('recsys.predictFile', RUN, FLOW);

  it('asks for the profile where AWS is to predict', async () => {
    host.answers = [...FLOW.slice(0, 4), 'At AWS', 'shop'];
    await run('recsys.predictFile', RUN);
    expect(launches[0]?.options.arguments.join(' ')).toContain(
      '-k 20 --at-aws --profile shop --region eu-central-1 --output',
    );
  });

  it('adds an ending that says the format, and replaces only what it was told to', async () => {
    fs.writeFileSync(path.join(folder, 'there.parquet'), '');
    host.answers = ['queries.csv', path.join(folder, 'there'), 'Replace', '10', 'All', 'On this machine'];
    await run('recsys.predictFile', RUN);
    expect(launches[0]?.option('--output')).toBe(path.join(folder, 'there.parquet'));
    expect(launches[0]?.options.arguments).toEqual(expect.arrayContaining(['--keep-seen', '--force']));
  });

  it('refuses lengths that are none, and takes the model of a row', async () => {
    const reference = window.stores.runs[0]?.folder ?? '';
    const view = stepView({ path: 'everything/markov', step: 'everything', branch: 'markov' });
    const node: BranchNode = { kind: 'branch', id: 'b', run: runView({ folder: reference, id: RUN }), view };
    host.answers = [...FLOW];
    await run('recsys.predictFile', node);
    expect(launches[0]?.options.arguments.join(' ')).toContain('--model markov --everything -k 20');
    host.answers = ['queries.csv', OUTPUT, '0'];
    await run('recsys.predictFile', RUN);
    expect(host.refusals).toEqual(['A whole number, 1 or more']);
    expect(launches).toHaveLength(1);
  });
});

describe('columns of a file to predict for', () => {
  beforeEach(() => {
    engine.handlers['data/queries'] = () => UNLIKE;
  });
  const words = (at = 0): string => launches[at]?.options.arguments.join(' ') ?? '';

  it('are asked where they are not called as those of the run, with what is likely', async () => {
    const [input = '', ...rest] = FLOW;
    host.answers = [input, 'Item', 'singer', 'song', 'Order', [], 'Use these columns', ...rest];
    await run('recsys.predictFile', RUN);
    const [overview, parts] = [host.shown[1], host.shown[2]];
    expect(overview?.choices).toEqual([
      ...['$(check) Use these columns', '$(edit) Sequence: cart', '$(edit) Item: song'],
      '$(edit) Order: at',
    ]);
    expect(overview?.items[2]?.detail).toContain('‘artist’, ‘track’');
    expect(parts?.text).toBe('Item: artist');
    expect(words()).toContain(
      '--input /projects/a/queries.csv --sequence cart --item singer --item song --no-order --model',
    );
    expect(engine.asksOf('data/saveSpec')).toEqual([]);
  });

  it('may be none that tells queries apart; nothing is started where they are turned away from', async () => {
    const [input = '', ...rest] = FLOW;
    host.answers = [input, 'Sequence', [], 'Item', 'song', 'none', 'Use these columns', ...rest];
    await run('recsys.predictFile', RUN);
    expect(words()).toContain('--no-sequence --item song --order at --model');
    host.answers = [input, undefined];
    await run('recsys.predictFile', RUN);
    expect(launches).toHaveLength(1);
  });

  it('go with what recsys.json tells of the reading', async () => {
    const told = { reading: [], header: [], delimiter: [';'] };
    engine.handlers['data/queries'] = () => ({ ...UNLIKE, matches: true, told });
    host.answers = [...FLOW];
    await run('recsys.predictFile', RUN);
    expect(words()).toContain('queries.csv --no-reading --no-header --delimiter ; --model');
  });

  it('that led to nothing are chosen anew by the button of the failure, whose hint names no options', async () => {
    engine.handlers['data/queries'] = () => ({ ...UNLIKE, matches: true });
    const { id, end } = await launched();
    const failure = { message: 'No row is of an item.', hint: 'Name them with --item.', remedy: 'columns' };
    engine.predictions = [
      prediction({ id, state: 'failed', failure: { ...failure, inWindow: 'Choose the columns.' } }),
    ];
    host.answers = ['Choose Columns', 'Item', 'song', 'none', 'Use these columns'];
    end({ code: 1 });
    await expect.poll(() => launches.length).toBe(2);
    expect(host.messages('error')).toEqual(['No row is of an item. Choose the columns.']);
    expect(words(1)).toContain('--sequence cart --item song --order at --model markov -k 20 --output');
  });
});

describe('a prediction', () => {
  it('is followed in a notification, and what came of it is told with its notes', async () => {
    const { id, end } = await launched();
    await storeHas([prediction({ id, progress: ranking })]);
    expect(host.progress.at(-1)).toMatchObject({ messages: ['starting', 'ranking · 25 %'], total: 50 });
    engine.predictions = [prediction({ id, state: 'succeeded', predicted: predicted() })];
    host.answers = ['Open'];
    end({ code: 0 });
    await expect
      .poll(information)
      .toContain('The next items of 1,234 queries, by markov, are in next.csv. 1 row has no item.');
    await expect.poll(() => host.executedIds()).toContain('vscode.open');
  });

  it('written as parquet is revealed, as no editor shows it', async () => {
    const output = path.join(folder, 'next.parquet');
    await storeHas([prediction({ output })]);
    host.answers = ['Reveal'];
    await storeHas([prediction({ output, state: 'succeeded', predicted: predicted(output) })]);
    await expect.poll(() => host.executedIds()).toContain('revealFileInOS');
    expect(host.shown.at(-1)?.choices).toEqual(['Reveal']);
  });

  it('is cancelled by its id, and the end is no error; what is left at AWS is told', async () => {
    const { id, end } = await launched();
    await storeHas([prediction({ id, progress: ranking })]);
    host.progress.at(-1)?.cancel();
    await expect.poll(() => engine.asksOf('endpoints/cancel')).toEqual([{ id }]);
    engine.predictions = [prediction({ id, state: 'cancelled', warnings: ['Nothing was left at AWS.'] })];
    end({ code: 130 });
    await expect.poll(information).toMatch(/cancelled: no file was written\. Nothing was left at AWS\./);
    expect(host.messages('error')).toEqual([]);
  });

  it('that fails says why: by the store, or by its last words', async () => {
    const { id, end } = await launched();
    const failure = { message: 'q.csv has no column ‘x’.', hint: 'Name it.' };
    engine.predictions = [prediction({ id, state: 'failed', failure })];
    end({ code: 2 });
    await expect.poll(() => host.messages('error')).toEqual(['q.csv has no column ‘x’. Name it.']);
    host.answers = [...FLOW];
    await run('recsys.predictFile', RUN);
    const said = JSON.stringify({
      type: 'failure',
      t: 0,
      message: 'No store.',
      hint: 'Make one.',
      exitCode: 1,
    });
    launches[1]?.end({ code: 1, said });
    await expect.poll(() => host.messages('error').at(-1)).toBe('No store. Make one.');
  });

  it('of an earlier window is followed too, once, until it ends or is lost', async () => {
    await storeHas([prediction({ progress: ranking })]);
    await storeHas([prediction({ progress: { ...ranking, done: 2 } })]);
    expect(host.progress).toHaveLength(1);
    expect(host.progress[0]?.messages.at(-1)).toBe('ranking · 50 %');
    await storeHas([prediction({ state: 'lost', where: 'aws' })]);
    await expect.poll(() => host.messages('error').join()).toMatch(/next\.csv was lost\..*Sweep/);
  });

  it('that ended before this window was opened is told of where no window has, once', async () => {
    const failed = { state: 'failed', failure: { message: 'No.', hint: 'Try again.' } } as const;
    const [news, other, old] = [ID, '20261130-010203005-abcd', '20261130-010203006-abcd'];
    engine.untold = [news, other];
    host.answers = ['Open'];
    await storeHas([
      prediction({ id: news, state: 'succeeded', predicted: predicted() }),
      prediction({ id: other, ...failed }),
      prediction({ id: old, ...failed }),
    ]);
    await expect.poll(() => host.executedIds()).toContain('vscode.open');
    await expect.poll(() => host.messages('error')).toEqual(['No. Try again.']);
    expect(host.messages('information')).toHaveLength(1);
    expect(engine.told).toEqual([news, other]);
    const another = openWindow('/projects/a');
    await another.endpoints.list.look();
    expect(another.endpoints.list.predictions).toHaveLength(3);
    another.dispose();
    expect(host.shown).toHaveLength(2);
    expect(host.progress).toEqual([]);
  });

  it('that this window tells of is not told of by the next one', async () => {
    const { id, end } = await launched();
    engine.untold = [id];
    engine.predictions = [prediction({ id, state: 'succeeded', predicted: predicted() })];
    end({ code: 0 });
    await expect.poll(information).toContain('are in next.csv');
    expect(engine.told).toEqual([id]);
  });

  it('that another window ends after this one was opened is that window’s to tell', async () => {
    await storeHas([]);
    engine.untold = [ID];
    await storeHas([prediction({ state: 'succeeded', predicted: predicted() })]);
    expect(host.shown).toEqual([]);
    expect(engine.told).toEqual([]);
  });

  it('is told of where that cannot be marked', async () => {
    engine.untold = [ID];
    engine.cannotMark = true;
    await storeHas([prediction({ state: 'succeeded', predicted: predicted() })]);
    await expect.poll(information).toContain('are in next.csv');
    expect(host.logged.join()).toContain('was not marked');
  });

  it('at AWS asks whether all that it then knows is to be made, with its price', async () => {
    const plan = {
      ...{ model: 'markov', kind: 'markov', run: RUN, output: OUTPUT, account: '123456789012', caller: 'c' },
      ...{ region: 'eu-central-1', instance: 'ml.m5.large', count: 2, bucket: 'b', image: 'i', role: 'r' },
      price: { usd: 0.25, asked: '2026-11-30T00:00:00.000Z' },
      choices: [
        { instance: 'ml.m5.large', memory: 8192 },
        {
          ...{ instance: 'ml.m5.xlarge', memory: 16_384 },
          price: { usd: 0.276, asked: '2026-11-30T00:00:00.000Z' },
        },
      ],
    };
    const question = (number: number): Question => ({
      ...{ kind: 'confirmTransform', plan, format: 1, id: ID, number, about: 'predicting next.csv' },
      ...{ profile: 'shop', process: { pid: 1, host: 'h' } },
    });
    host.answers = ['Predict'];
    await storeHas([prediction({ where: 'aws' })], [question(1)]);
    await expect.poll(() => engine.asksOf('endpoints/answer')).toEqual([{ id: ID, number: 1, text: 'yes' }]);
    expect(host.shown[0]?.text).toBe('Predict next.csv at AWS?');
    for (const fact of ['123456789012, by shop', '2 × ml.m5.large', '0.25 $ an hour', 'as it was evaluated'])
      expect(host.shown[0]?.detail).toContain(fact);
    host.answers = [undefined];
    await storeHas([prediction({ where: 'aws' })], [question(2)]);
    await expect.poll(() => engine.asksOf('endpoints/answer').at(-1)).toEqual({ id: ID, number: 2 });
    host.answers = ['Other Instances', undefined, 'Other Instances', 'ml.m5.xlarge', '3'];
    await storeHas([prediction({ where: 'aws' })], [question(3)]);
    await expect
      .poll(() => engine.asksOf('endpoints/answer').at(-1))
      .toEqual({ id: ID, number: 3, text: 'on 3 ml.m5.xlarge' });
    const list = host.shown.find(({ choices }) => choices.includes('ml.m5.xlarge'));
    expect(list?.items.map(({ description }) => description)).toEqual([
      '8 GB · its price is unknown · planned',
      '16 GB · 0.28 $ an hour (AWS’s price of 2026-11-30)',
      undefined,
    ]);
    host.answers = ['Other Instances', 'Type an instance', 'ml.r5.4xlarge', '1'];
    await storeHas([prediction({ where: 'aws' })], [question(4)]);
    await expect
      .poll(() => engine.asksOf('endpoints/answer').at(-1))
      .toMatchObject({ number: 4, text: 'on 1 ml.r5.4xlarge' });
  });
});
