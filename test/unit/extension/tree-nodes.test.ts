import { describe, expect, it } from 'vitest';
import { isTrained, runTokens } from '../../../src/extension/runs/run-facts.ts';
import { childNodes, combinedState, rootNodes, stepNodes } from '../../../src/extension/runs/tree-nodes.ts';
import { runRow, runView, stepView } from '../../vscode/suite/sample-views.ts';

const branches = [
  stepView({
    path: 'train/a',
    step: 'train',
    branch: 'a',
    title: 'a',
    artifacts: [{ name: 'vectors', file: 'vectors.npy', bytes: 8, sha256: '' }],
  }),
  stepView({ path: 'train/b', step: 'train', branch: 'b', title: 'b', state: 'failed' }),
];
const run = runView({ steps: [stepView(), ...branches] });

describe('nodes of the tree', () => {
  it('nests run, steps, branches and artifacts under stable ids', () => {
    const [prepare, train] = stepNodes(run);
    expect([prepare?.id, train?.id]).toEqual([`${run.folder}/prepare`, `${run.folder}/train`]);
    const branchNodes = train === undefined ? [] : childNodes(train);
    expect(branchNodes.map((node) => node.id)).toEqual([`${run.folder}/train/a`, `${run.folder}/train/b`]);
    const artifacts = branchNodes.flatMap((node) => (node.kind === 'branch' ? childNodes(node) : []));
    expect(artifacts.map((node) => node.id)).toEqual([`${run.folder}/train/a#vectors.npy`]);
  });

  it('lists errors first, then runs, newest first', () => {
    const view = {
      folder: '',
      exists: true,
      bytes: 0,
      runs: [runRow({ id: '1', folder: '/runs/1' }), runRow({ id: '2', folder: '/runs/2' })],
      broken: [{ id: '0', folder: '/runs/0', message: 'broken' }],
    };
    expect(rootNodes({ kind: 'ready', view }).map((node) => node.id)).toEqual([
      'broken:/runs/0',
      '/runs/2',
      '/runs/1',
    ]);
    expect(rootNodes({ kind: 'failed', message: 'down', hint: '', view }).map((node) => node.id)).toEqual([
      'error:',
      'broken:/runs/0',
      '/runs/2',
      '/runs/1',
    ]);
  });

  it('shows the most urgent state of several branches', () => {
    expect(combinedState(branches)).toBe('failed');
    expect(combinedState([...branches, stepView({ state: 'running' })])).toBe('running');
    expect(combinedState([stepView(), stepView({ state: 'pending' })])).toBe('pending');
  });

  it('offers for a run what its state allows', () => {
    expect(runTokens(runRow({ state: 'running' }))).toBe('run running unstarred');
    expect(runTokens(runRow({ next: 'train' }))).toBe('run finished prepared unstarred');
    expect(runTokens(runRow({ headline: { metric: 'm', value: 1 } }))).toBe(
      'run finished report refittable unstarred',
    );
    expect(isTrained(runRow({ next: 'evaluate' }))).toBe(true);
    expect(isTrained(runRow())).toBe(false);
  });
});
