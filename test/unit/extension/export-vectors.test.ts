/** *Export Vectors…*, from the tree and the palette. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followCli, type Followed } from '../../../src/extension/processes/follow-cli.ts';
import { nodeRuntime } from '../../../src/extension/processes/node-runtime.ts';
import { branchTokens } from '../../../src/extension/runs/run-facts.ts';
import type { BranchNode } from '../../../src/extension/runs/tree-nodes.ts';
import { runRow, runView, stepView } from '../../vscode/suite/sample-views.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { CancellationTokenSource } from './vscode-stub/values.ts';
import { openWindow, run, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));

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
  engineOf(STORE).runs = [runRow({ bestEmbedding: 'prod2vec' })];
  await window.stores.load();
});
afterEach(() => window.dispose());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const told = (): string => host.messages('information').join();

describe('exporting vectors', () => {
  it('asks for a format and a file, and says what was written', async () => {
    host.answers = ['TSV pair', path.join(folder, 'v.tsv'), 'Reveal'];
    await run('recsys.exportVectors');
    expect(host.shown[0]?.choices).toHaveLength(5);
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
    await run('recsys.exportVectors');
    expect(told()).toContain('--force');
  });

  it('asks about the file beside it, which the dialog does not name', async () => {
    fs.writeFileSync(path.join(folder, 'beside.metadata.tsv'), '');
    host.answers = ['TSV pair', path.join(folder, 'beside.tsv'), undefined];
    await run('recsys.exportVectors');
    expect(host.messages('warning')).toEqual(['beside.metadata.tsv is there already. Replace it?']);
    expect(host.progress).toEqual([]);
    host.answers = ['TSV pair', path.join(folder, 'beside.tsv'), 'Replace'];
    await run('recsys.exportVectors');
    expect(told()).toContain('--force');
  });

  it('exports the very model of a branch', async () => {
    const reference = window.stores.runs[0]?.folder ?? '';
    const view = stepView({ path: 'everything/best', step: 'everything', branch: 'best' });
    const node: BranchNode = { kind: 'branch', id: 'b', run: runView({ folder: reference }), view };
    host.answers = ['TSV pair', path.join(folder, 'v.tsv')];
    await run('recsys.exportVectors', node);
    expect(told()).toContain(`export --package ${path.join(reference, view.path)} --format`);
  });

  it('says why it failed, in the words of the command', async () => {
    host.answers = ['NumPy', path.join(folder, 'v.npy')];
    await run('recsys.exportVectors');
    expect(host.messages('error')).toEqual(['It is full. Make room.']);
    expect(told()).toBe('');
  });

  it('stops the command when it is cancelled, without a word', async () => {
    host.answers = ['Parquet', path.join(folder, 'v.parquet')];
    const running = run('recsys.exportVectors');
    await vi.waitFor(() => expect(host.progress[0]?.messages).toEqual(['25 %']), { timeout: 20_000 });
    host.progress[0]?.cancel();
    await running;
    expect(fs.existsSync(path.join(folder, 'stopped'))).toBe(true);
    expect(host.shown.map(({ kind }) => kind)).toEqual(['pick', 'save']);
  });

  it('does nothing where the user turns away', async () => {
    host.answers = ['NumPy', undefined];
    await run('recsys.exportVectors');
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

  it('is offered of branches that left a model with vectors', () => {
    const artifact = (name: string) => ({ name, file: `${name}.npy`, bytes: 1, sha256: '' });
    const both = [artifact('model'), artifact('vectors')];
    expect(branchTokens({ state: 'succeeded', artifacts: both })).toBe('step branch embedding');
    expect(branchTokens({ state: 'failed', artifacts: both })).toBe('step branch');
    expect(branchTokens({ state: 'succeeded', artifacts: [artifact('model')] })).toBe('step branch');
  });
});
