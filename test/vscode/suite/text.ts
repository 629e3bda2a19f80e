import assert from 'node:assert/strict';
import {
  progressText,
  runDescription,
  runLabel,
  storeSummary,
  viewDescription,
} from '../../../src/extension/runs/run-text.ts';
import { tooltipMarkdown } from '../../../src/extension/runs/tooltips.ts';
import { tooltip, treeItem } from '../../../src/extension/runs/tree-items.ts';
import { suite } from './define.ts';
import { HOSTILE, runRow, runView, stepView } from './sample-views.ts';

const progress = {
  type: 'progress',
  stage: 'epoch 3 of 30',
  done: 45,
  total: 100,
  unit: 'words',
  rate: 1_234_567,
  eta: 20,
} as const;

/** A link, a tag or an address that Markdown would make something of. */
const UNESCAPED = /(?<!\\)\]\((?!command:recsys\.openCard)|(?<!\\)<script|http:\/\//;

export const textSuite = suite('texts of the tree', {
  'progress has stage, percent, rate and time left': () => {
    assert.equal(progressText(progress), 'epoch 3 of 30 · 45 % · 1.2 M words/s · 20 s left');
  },

  'a running run begins with its percentage': () => {
    const run = runRow({
      state: 'running',
      fraction: 0.42,
      secondsLeft: 190,
      activity: { step: 'prepare', title: 'Prepare data', count: 1, progress },
    });
    assert.equal(runDescription(run), '42 % · about 3 min left · Prepare data · epoch 3 of 30');
  },

  'a finished run begins with its headline and ends with its tags': () => {
    const run = runRow({
      headline: { metric: 'hitRate@10', value: 0.12344 },
      best: 'markov',
      seconds: 75,
      labels: { tags: ['paper'], starred: false },
    });
    assert.match(runDescription(run), /^hitRate@10 0\.1234 · markov · .* · 1 min 15 s · #paper$/);
  },

  'a failed branch says why': () => {
    const view = stepView({ state: 'failed', failure: { message: 'Out of\nmemory' } });
    assert.equal(viewDescription(view), 'Out of memory');
  },

  'a name replaces the file name': () => {
    assert.equal(runLabel(runRow()), 'playlists.parquet');
    assert.equal(runLabel(runRow({ labels: { tags: [], starred: false, name: 'baseline' } })), 'baseline');
  },

  'the store is summed up with its size': () => {
    const view = {
      folder: '/s',
      exists: true,
      broken: [],
      bytes: 12_300_000,
      runs: [runRow(), runRow({ id: 'b', state: 'running' })],
    };
    assert.equal(storeSummary([view]), '2 runs, 1 running · 12.3 MB');
    assert.equal(storeSummary([{ ...view, runs: [] }]), '');
  },

  'hostile names in tooltips are escaped, character by character': () => {
    const run = runRow({
      labels: { name: HOSTILE, tags: [HOSTILE], note: HOSTILE, starred: false },
      failure: { message: HOSTILE },
    });
    const markdown = tooltipMarkdown({ kind: 'run', id: run.id, run }, runView());
    assert.ok(markdown.includes('\\<script\\>') && markdown.includes('\\[x\\]\\(command\\:'));
    const links = [...markdown.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map(([, target]) => target ?? '');
    assert.deepEqual(
      links.map((link) => link.split('?')[0]),
      ['command:recsys.openCard'],
    );
    assert.doesNotMatch(markdown, UNESCAPED);
  },

  'hostile branches, warnings and artifacts are escaped too': () => {
    const view = stepView({
      title: HOSTILE,
      warnings: [HOSTILE],
      metrics: { [HOSTILE]: 1 },
      artifacts: [{ name: 'a', file: HOSTILE, bytes: 1, sha256: '' }],
    });
    const run = runView({ steps: [view] });
    for (const node of [
      { kind: 'branch', id: '1', run, view } as const,
      { kind: 'step', id: '2', run, step: 'prepare', title: HOSTILE, views: [view] } as const,
      {
        kind: 'artifact',
        id: '3',
        run,
        view,
        artifact: { name: 'a', file: HOSTILE, bytes: 1, sha256: '' },
      } as const,
      { kind: 'error', id: '4', label: HOSTILE, message: HOSTILE, hint: HOSTILE } as const,
    ]) {
      assert.doesNotMatch(tooltipMarkdown(node), UNESCAPED, node.kind);
    }
  },

  'a branch tells of given parameters first, and where the others are': () => {
    const parameters = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [`encoder${index}`, index]),
    );
    const run = runView();
    const model = { name: 'recency-encoder', kind: 'recency-encoder', parameters, given: ['encoder24'] };
    const view = stepView({ path: 'train/recency-encoder', step: 'train', branch: 'recency-encoder' });
    const markdown = tooltipMarkdown({
      kind: 'branch',
      id: '1',
      run: { ...run, manifest: { ...run.manifest, models: [model] } },
      view,
    });
    const names = [...markdown.matchAll(/^\| encoder(\d+) \|/gm)].map(([, index]) => Number(index));
    assert.deepEqual(names.slice(0, 3), [24, 0, 1]);
    assert.doesNotMatch(markdown, /more/);
    assert.match(markdown, /The card has the others/);
  },

  'tooltips may link to one command only': () => {
    const run = runRow();
    assert.deepEqual(tooltip({ kind: 'run', id: run.id, run }).isTrusted, {
      enabledCommands: ['recsys.openCard'],
    });
  },

  'rows have stable ids and say what may be done with them': () => {
    const item = treeItem({ kind: 'run', id: 'r', run: runRow({ state: 'interrupted' }) });
    assert.equal(item.id, 'r');
    assert.equal(item.contextValue, 'run finished resumable unstarred');
  },
});
