/** *Export Model or Vectors…*, from the tree and the palette. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followCli, type Followed } from '../../../src/extension/processes/follow-cli.ts';
import { nodeRuntime } from '../../../src/extension/processes/node-runtime.ts';
import { branchTokens } from '../../../src/extension/runs/run-facts.ts';
import type { BranchNode } from '../../../src/extension/runs/tree-nodes.ts';
import type { StepView } from '../../../src/protocol/run-view.ts';
import { runRow, runView, stepView } from '../../vscode/suite/sample-views.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { CancellationTokenSource } from './vscode-stub/values.ts';
import { openWindow, run, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));

const FIGURES = { best: 'prod2vec', headline: { metric: 'hitRate@10', value: 0.4 } };
const artifact = (name: string) => ({ name, file: `${name}.npy`, bytes: 1, sha256: '' });
const trained = (step: string, branch: string, ...more: readonly string[]): StepView =>
  stepView({ path: `${step}/${branch}`, step, branch, artifacts: ['model', ...more].map(artifact) });

const STORE = '/projects/a/.recsys';
const folder = temporaryFolder();
/** Stands for `recsys`: tells what it was given, or waits until it is told to stop. */
const cli = path.join(folder, 'cli.mjs');
fs.writeFileSync(
  cli,
  `import fs from 'node:fs';
const words = process.argv.slice(2);
const say = (line) => console.log(JSON.stringify(line));
say({ type: 'progress', stage: 'writing', done: 1, total: 4, unit: 'rows' });
if (words.includes('parquet')) {
  const stop = () => { fs.writeFileSync(${JSON.stringify(path.join(folder, 'stopped'))}, ''); process.exit(130); };
  process.on('disconnect', stop);
  if (!process.connected) stop();
} else if (words.includes('npy')) {
  console.error(JSON.stringify({ type: 'failure', t: 0, message: 'It is full.', hint: 'Make room.', exitCode: 1 }));
  process.exitCode = 1;
} else if (words.includes('onnx') || words.includes('savedmodel')) {
  say({ type: 'exported-model', t: 0, model: 'm', kind: words.join(' '), format: words.includes('onnx') ? 'onnx' : 'savedmodel',
    files: [words[words.indexOf('--output') + 1]], bytes: 2_500_000, numbers: 100, items: 7, maxK: 100, sha256: '' });
} else {
  say({ type: 'exported', t: 0, model: 'm', kind: 'k', format: 'tsv', files: ['/x/v.tsv', '/x/v.metadata.tsv'], rows: 3,
    dimension: 2, vectors: words.join(' '), names: '', notes: ['[a](command:b)'] });
}`,
);

let window: OpenedWindow;
beforeEach(async () => {
  host.reset();
  forgetEngines();
  window = openWindow('/projects/a');
  for (const store of window.stores.all)
    store.move({ ...store.site, folder, runtime: nodeRuntime(cli, process.execPath) });
  const engine = engineOf(STORE);
  engine.runs = [runRow(FIGURES)];
  engine.handlers['run/view'] = () => runView({ steps: [trained('train', 'prod2vec', 'vectors')] });
  await window.stores.load();
});
afterEach(() => window.dispose());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const told = (): string => host.messages('information').join();

describe('exporting', () => {
  it('asks for a format and a file, and says what was written', async () => {
    host.answers = ['TSV pair', path.join(folder, 'v.tsv'), 'Reveal'];
    await run('recsys.export');
    expect(host.shown[0]?.choices).toEqual(
      'the whole model,SavedModel,ONNX,its vectors,word2vec, text,word2vec, binary,NumPy,Parquet,TSV pair'.split(
        /,(?! )/,
      ),
    );
    expect(told()).toContain('3 vectors of 2 numbers of m are in v.tsv, v.metadata.tsv.');
    expect(told()).toContain(`--model prod2vec --store ${STORE} --format tsv --output ${folder}`);
    expect(told()).not.toMatch(/--force|\]\(command/);
    expect(host.progress[0]?.total).toBe(25);
    await vi.waitFor(() => expect(host.executedIds()).toContain('revealFileInOS'));
  });

  it('replaces a file that the dialog asked about', async () => {
    const file = path.join(folder, 'there.txt');
    fs.writeFileSync(file, '');
    host.answers = ['word2vec, text', file];
    await run('recsys.export');
    expect(told()).toContain('--force');
  });

  it('asks about the file beside it, which the dialog does not name', async () => {
    fs.writeFileSync(path.join(folder, 'beside.metadata.tsv'), '');
    host.answers = ['TSV pair', path.join(folder, 'beside.tsv'), undefined];
    await run('recsys.export');
    expect(host.messages('warning')).toEqual(['beside.metadata.tsv is there already. Replace it?']);
    expect(host.progress).toEqual([]);
    host.answers = ['TSV pair', path.join(folder, 'beside.tsv'), 'Replace'];
    await run('recsys.export');
    expect(told()).toContain('--force');
  });

  it('writes a whole model, and says what it knows', async () => {
    host.answers = ['ONNX', path.join(folder, 'm.onnx'), 'Reveal'];
    await run('recsys.export');
    expect(told()).toBe(
      'm is an ONNX model of 2.5 MB in m.onnx. It knows 7 items and lists up to 100 of them.',
    );
    await vi.waitFor(() => expect(host.executedIds()).toContain('revealFileInOS'));
  });

  it('writes a SavedModel as an archive though none was named, and asks about one that is there', async () => {
    host.answers = ['SavedModel', path.join(folder, 'm')];
    await run('recsys.export');
    expect(told()).toMatch(/^m is a SavedModel of 2\.5 MB in m\.tar\.gz\./);
    fs.writeFileSync(path.join(folder, 'there.tar.gz'), '');
    host.answers = ['SavedModel', path.join(folder, 'there'), undefined];
    await run('recsys.export');
    expect(host.messages('warning')).toEqual(['there.tar.gz is there already. Replace it?']);
    expect(host.progress).toHaveLength(1);
  });

  it('offers vectors of models alone that have some, and asks which model where there are several', async () => {
    const steps = [trained('train', 'prod2vec', 'vectors'), trained('train', 'markov')];
    engineOf(STORE).handlers['run/view'] = () => runView({ steps });
    host.answers = ['markov', 'ONNX', path.join(folder, 'm.onnx')];
    await run('recsys.export');
    expect(host.shown[0]?.items).toMatchObject([
      { label: '$(star-full) prod2vec', description: 'as it was evaluated · hitRate@10 0.4 · has vectors' },
      { label: 'markov', description: 'as it was evaluated' },
    ]);
    expect(host.shown[1]?.choices).toEqual(['the whole model', 'SavedModel', 'ONNX']);
  });

  it('exports the one model of a tuning, which has no branches', async () => {
    const view = stepView({
      path: 'train',
      step: 'train',
      artifacts: [artifact('model'), artifact('vectors')],
    });
    engineOf(STORE).handlers['run/view'] = () => runView({ steps: [view] });
    host.answers = ['TSV pair', path.join(folder, 'v.tsv')];
    await run('recsys.export');
    expect(told()).toContain(`export ${runRow().id} --store`);
  });

  const rowOf = (view: StepView, steps: readonly StepView[]): BranchNode => {
    const reference = window.stores.runs[0]?.folder ?? '';
    return { kind: 'branch', id: 'b', run: runView({ folder: reference, steps: [...steps] }), view };
  };

  it('exports the model of a branch, trained on everything where it was', async () => {
    const view = trained('everything', 'best', 'vectors');
    host.answers = ['TSV pair', path.join(folder, 'v.tsv')];
    await run('recsys.export', rowOf(view, [trained('train', 'best', 'vectors'), view]));
    expect(told()).toContain(`export ${runRow().id} --model best --everything --store ${STORE} --format`);
  });

  it('exports the very model of a branch that was trained again by its folder', async () => {
    const view = trained('train', 'best', 'vectors');
    const row = rowOf(view, [view, trained('refit', 'best', 'vectors'), trained('everything', 'best')]);
    host.answers = ['TSV pair', path.join(folder, 'v.tsv')];
    await run('recsys.export', row);
    expect(told()).toContain(`export --package ${path.join(row.run.folder, view.path)} --format`);
  });

  it('says why it failed, in the words of the command', async () => {
    host.answers = ['NumPy', path.join(folder, 'v.npy')];
    await run('recsys.export');
    expect(host.messages('error')).toEqual(['It is full. Make room.']);
    expect(told()).toBe('');
  });

  it('stops the command when it is cancelled, without a word', async () => {
    host.answers = ['Parquet', path.join(folder, 'v.parquet')];
    const running = run('recsys.export');
    await vi.waitFor(() => expect(host.progress[0]?.messages).toEqual(['25 %']), { timeout: 20_000 });
    host.progress[0]?.cancel();
    await running;
    expect(fs.existsSync(path.join(folder, 'stopped'))).toBe(true);
    expect(host.shown.map(({ kind }) => kind)).toEqual(['pick', 'save']);
  });

  it('does nothing where the user turns away', async () => {
    host.answers = ['NumPy', undefined];
    await run('recsys.export');
    expect(host.progress).toEqual([]);
  });

  it('stops a command that was cancelled before it began', async () => {
    const source = new CancellationTokenSource();
    source.cancel();
    const followed = { arguments: ['parquet'], workingFolder: folder, onLine: () => undefined };
    const runtime = nodeRuntime(cli, process.execPath);
    const token = source.token as unknown as Followed['token'];
    expect(await followCli({ ...followed, runtime, token })).toBe(false);
  });

  it('is offered of branches that left a model', () => {
    const both = [artifact('model'), artifact('vectors')];
    expect(branchTokens({ state: 'succeeded', artifacts: both })).toBe('step branch model embedding');
    expect(branchTokens({ state: 'failed', artifacts: both })).toBe('step branch');
    expect(branchTokens({ state: 'succeeded', artifacts: [artifact('model')] })).toBe('step branch model');
  });
});
