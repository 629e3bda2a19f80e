import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COMMAND_IDS, VIEW_ONLY } from '../../../src/extension/commands/command-ids.ts';
import { tagChange } from '../../../src/extension/commands/label-commands.ts';
import { CONTEXT_KEYS, maintainContextKeys } from '../../../src/extension/runs/context-keys.ts';
import { RunStatusBar } from '../../../src/extension/runs/status-bar.ts';
import type { Node } from '../../../src/extension/runs/tree-nodes.ts';
import type { RunRow } from '../../../src/protocol/run-row.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { runRow, runView, stepView } from '../../vscode/suite/sample-views.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { launches } from './fake-launch.ts';
import { host } from './vscode-stub/host.ts';
import { Uri } from './vscode-stub/values.ts';
import { openWindow, run, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));
vi.mock('../../../src/extension/processes/launch-detached.ts', () => import('./fake-launch.ts'));

const A = '/projects/a/.recsys';
const B = '/projects/b/.recsys';
const IDS = ['20261121-120000000-aaaa', '20261122-120000000-bbbb', '20261123-120000000-cccc'] as const;
const [ONE, TWO, THREE] = IDS;

let window: OpenedWindow;
beforeEach(() => {
  host.reset();
  forgetEngines();
  launches.length = 0;
  window = openWindow('/projects/a', '/projects/b');
});
afterEach(() => window.dispose());

async function storesHave(a: readonly RunRow[], b: readonly RunRow[] = []): Promise<void> {
  engineOf(A).runs = [...a];
  engineOf(B).runs = [...b];
  await window.stores.load();
}

/** The rows of runs, as a menu passes them. */
function nodes(...ids: readonly string[]): Node[] {
  return ids.map((id) => ({ kind: 'run', id, run: window.stores.run(id) ?? expect.fail(id) }));
}

/** Calls a command from the menu of the first of several selected rows. */
function runOn(id: string, ...ids: readonly string[]): Thenable<unknown> {
  const rows = nodes(...ids);
  return run(id, rows[0], rows);
}

/** Calls a command by a key of the tree, while rows are selected. */
function press(id: string, ...ids: readonly string[]): Thenable<unknown> {
  host.selection = nodes(...ids);
  return run(id, { selection: true });
}

describe('trust', () => {
  it('is asked for with the button that gives it, by every command that starts or changes something', async () => {
    host.isTrusted = false;
    for (const id of COMMAND_IDS.filter((one) => !VIEW_ONLY.has(one))) {
      host.shown = [];
      await run(id, ONE);
      expect(host.shown, id).toMatchObject([
        { kind: 'error', choices: ['Manage Workspace Trust', 'Show Log'] },
      ]);
    }
    expect(launches).toEqual([]);
    expect(engineOf(A).asked).toEqual([]);
    host.answers = ['Manage Workspace Trust'];
    await run('recsys.train');
    await expect.poll(() => host.executedIds()).toContain('workbench.trust.manage');
  });
});

describe('several selected rows', () => {
  beforeEach(() =>
    storesHave([runRow({ id: ONE }), runRow({ id: TWO, state: 'running' })], [runRow({ id: THREE })]),
  );

  it('reach the commands for which that makes sense, in the stores of their folders', async () => {
    await runOn('recsys.star', ONE, THREE);
    expect(engineOf(A).asksOf('run/label')).toMatchObject([{ run: ONE, change: { starred: true } }]);
    expect(engineOf(B).asksOf('run/label')).toMatchObject([{ run: THREE, change: { starred: true } }]);
    await runOn('recsys.openCard', ONE, THREE);
    expect(window.opened.map((card) => card.run)).toEqual([`${A}/runs/${ONE}`, `${B}/runs/${THREE}`]);
    for (const store of [A, B]) engineOf(store).handlers['run/command'] = ({ run: id }) => ({ command: id });
    await runOn('recsys.copyCommand', THREE, ONE);
    expect(host.clipboard).toBe(`${THREE}\n${ONE}`);
  });

  it('that cannot be meant are left out', async () => {
    await runOn('recsys.cancel', ONE, TWO, THREE);
    expect(engineOf(A).asksOf('run/cancel')).toEqual([{ run: TWO }]);
    expect(engineOf(B).asked).toEqual([]);
    await runOn('recsys.resume', ONE, THREE);
    expect(host.messages('error')).toEqual([
      'None of the selected runs can be meant by this. Select others.',
    ]);
  });

  it('are those of the tree where a key is pressed', async () => {
    host.answers = ['fast'];
    await press('recsys.rename', ONE);
    expect(engineOf(A).asksOf('run/label')).toMatchObject([{ run: ONE, change: { name: 'fast' } }]);
    await press('recsys.delete', ONE, THREE);
    expect(engineOf(A).asksOf('run/delete')).toEqual([{ run: ONE }]);
    expect(engineOf(B).asksOf('run/delete')).toEqual([{ run: THREE }]);
    expect(host.messages('information')).toEqual(['Deleted 2 runs.']);
  });
});

describe('runs of two folders that have the same id, as copies have', () => {
  beforeEach(() =>
    storesHave([runRow({ id: ONE })], [runRow({ id: ONE, labels: { tags: ['copied'], starred: false } })]),
  );

  /** The row of the run in the second folder. */
  const copy = (): Node => ({
    ...{ kind: 'run', id: `${B}/runs/${ONE}` },
    run: window.stores.run(`${B}/runs/${ONE}`) ?? expect.fail(),
  });

  it('are each meant by their own row', async () => {
    host.answers = ['copied, mine'];
    await run('recsys.tag', copy());
    expect(engineOf(B).asksOf('run/label')).toMatchObject([{ run: ONE, change: { addTags: ['mine'] } }]);
    await run('recsys.openCard', copy());
    expect(window.opened).toMatchObject([{ run: `${B}/runs/${ONE}` }]);
    await run('recsys.resume', copy());
    expect(launches[0]?.options).toMatchObject({ workingFolder: '/projects/b' });
    host.answers = ['Undo'];
    await run('recsys.delete', copy());
    expect(engineOf(B).asksOf('run/delete')).toEqual([{ run: ONE }]);
    await expect.poll(() => engineOf(B).asksOf('run/restore')).toEqual([{ run: ONE }]);
    expect(engineOf(A).asked).toEqual([]);
  });

  it('are two where both rows are selected', async () => {
    await run('recsys.star', copy(), [copy(), ...nodes(ONE)]);
    expect([A, B].map((store) => engineOf(store).asksOf('run/label').length)).toEqual([1, 1]);
  });
});

describe('opening', () => {
  beforeEach(() => storesHave([runRow({ id: ONE, labels: { name: 'base', tags: [], starred: false } })]));

  it('by Enter shows the card, titled by name and data', async () => {
    await press('recsys.openRow', ONE);
    expect(window.opened).toEqual([{ run: `${A}/runs/${ONE}`, title: 'base · playlists.parquet' }]);
  });

  it('by Enter on other rows does what the tree does', async () => {
    const view = stepView();
    host.selection = [{ kind: 'branch', id: 'x', run: runView({ id: ONE }), view }];
    await run('recsys.openRow', { selection: true });
    expect(host.executedIds()).toContain('list.toggleExpand');
    expect(window.opened).toEqual([]);
  });

  it('by a double click, not by one click, nor by clicks on two rows', async () => {
    await storesHave([runRow({ id: ONE }), runRow({ id: TWO })]);
    const [one, two] = nodes(ONE, TWO);
    for (const node of [one, two, one]) await run('recsys.clickRun', node);
    expect(window.opened).toEqual([]);
    await run('recsys.clickRun', one);
    expect(window.opened.map((card) => card.run)).toEqual([`${A}/runs/${ONE}`]);
  });

  it('takes two clicks far apart for two', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const [node] = nodes(ONE);
    await run('recsys.clickRun', node);
    clock.mockReturnValue(1600);
    await run('recsys.clickRun', node);
    clock.mockRestore();
    expect(window.opened).toEqual([]);
  });

  it('follows those who have set that a double click opens things: VS Code calls once then', async () => {
    host.set('workbench.list.openMode', 'doubleClick');
    await run('recsys.clickRun', ...nodes(ONE));
    expect(window.opened.map((card) => card.run)).toEqual([`${A}/runs/${ONE}`]);
  });
});

describe('choosing a run', () => {
  it('takes the only one that suits, and asks where there are several', async () => {
    const running = (id: string) => runRow({ id, state: 'running' });
    await storesHave([runRow({ id: ONE }), running(TWO)]);
    await run('recsys.cancel');
    expect(engineOf(A).asksOf('run/cancel')).toEqual([{ run: TWO }]);
    expect(host.shown).toEqual([]);
    const labels = { name: '$(bug)', tags: [], starred: true };
    await storesHave([running(TWO)], [{ ...running(THREE), labels }]);
    host.answers = ['bug'];
    await run('recsys.cancel');
    expect(engineOf(B).asksOf('run/cancel')).toEqual([{ run: THREE }]);
    const [, item] = host.shown[0]?.items ?? [];
    expect(item?.label).toBe('$(loading~spin) $(star-full) \\$(bug)');
    expect(item?.detail).toBe(`b · ${THREE}`);
  });

  it('says so where there is none, and where it is gone', async () => {
    await run('recsys.cancel');
    await run('recsys.openCard', 'gone');
    expect(host.messages('error')).toEqual([
      'There is no run for this. Start one with “RecSys: Train”.',
      'Run gone is not in the store any more. Use Refresh to see what is there.',
    ]);
  });

  it('does nothing where the user turns away', async () => {
    await storesHave([runRow({ id: ONE }), runRow({ id: TWO })]);
    host.answers = [undefined];
    await run('recsys.openCard');
    expect(window.opened).toEqual([]);
  });
});

describe('labels', () => {
  it('are sent as what was changed, so that the changes of others stay', async () => {
    await storesHave([runRow({ id: ONE, labels: { tags: ['old', 'kept'], starred: false } })]);
    host.answers = ['kept, #new'];
    await runOn('recsys.tag', ONE);
    expect(engineOf(A).asksOf('run/label')).toEqual([
      { run: ONE, change: { addTags: ['new'], removeTags: ['old'] } },
    ]);
    expect(tagChange(['a'], ['a'])).toEqual({ addTags: [], removeTags: [] });
  });

  it('of several runs begin with the tags that all have', async () => {
    await storesHave([
      runRow({ id: ONE, labels: { tags: ['both', 'one'], starred: false } }),
      runRow({ id: TWO, labels: { tags: ['both'], starred: false } }),
    ]);
    host.answers = ['both, paper'];
    await runOn('recsys.tag', ONE, TWO);
    expect(host.shown[0]).toMatchObject({ text: 'Tags of 2 runs', value: 'both' });
    expect(engineOf(A).asksOf('run/label')).toEqual([
      { run: ONE, change: { addTags: ['paper'], removeTags: [] } },
      { run: TWO, change: { addTags: ['paper'], removeTags: [] } },
    ]);
  });

  it('stay as they are where the user turns away, and an empty name takes the name away', async () => {
    await storesHave([runRow({ id: ONE })]);
    host.answers = [undefined];
    await runOn('recsys.rename', ONE);
    expect(engineOf(A).asked).toEqual([]);
    host.answers = [''];
    await runOn('recsys.rename', ONE);
    expect(engineOf(A).asksOf('run/label')).toMatchObject([{ run: ONE, change: { name: '' } }]);
  });
});

describe('deleting', () => {
  beforeEach(() => storesHave([runRow({ id: ONE })], [runRow({ id: THREE })]));

  it('can be undone, in the store of the run', async () => {
    host.answers = ['Undo'];
    await runOn('recsys.delete', THREE);
    await expect.poll(() => engineOf(B).asksOf('run/restore')).toEqual([{ run: THREE }]);
    expect(host.messages('information')).toEqual(['Deleted playlists.parquet.']);
  });

  it('says why where the undoing fails', async () => {
    engineOf(A).handlers['run/restore'] = () => {
      throw new UserError(`Run ${ONE} is no longer in the trash.`, 'It cannot be restored.');
    };
    host.answers = ['Undo'];
    await runOn('recsys.delete', ONE);
    await expect
      .poll(() => host.messages('error'))
      .toEqual([`Run ${ONE} is no longer in the trash. It cannot be restored.`]);
  });

  it('is not done to the run of a step that is selected', async () => {
    const step: Node = { kind: 'branch', id: 'x', run: runView({ id: ONE }), view: stepView() };
    host.selection = [step];
    await run('recsys.delete', { selection: true });
    expect(host.messages('error')).toEqual([
      'Only whole runs can be deleted. Select the rows of the runs themselves.',
    ]);
    host.selection = [step, ...nodes(THREE)];
    await run('recsys.delete', { selection: true });
    expect(engineOf(A).asksOf('run/delete')).toEqual([]);
    expect(engineOf(B).asksOf('run/delete')).toEqual([{ run: THREE }]);
  });

  it('of a run that cannot be read works by its row', async () => {
    const broken = { id: TWO, folder: `/x/${TWO}`, message: 'run.json is broken' };
    engineOf(B).broken = [broken];
    await window.stores.load();
    await run('recsys.delete', {
      kind: 'error',
      id: `broken:${TWO}`,
      label: TWO,
      message: '',
      hint: '',
      broken,
    });
    expect(engineOf(B).asksOf('run/delete')).toEqual([{ run: TWO }]);
    expect(engineOf(A).asked).toEqual([]);
  });
});

describe('cleaning up', () => {
  /** What the rule gives up when it is asked; the fake removes nothing by itself. */
  function rulesGiveUp(a: readonly string[], b: readonly string[]): void {
    engineOf(A).handlers['store/cleanUp'] = () => ({ runs: [...a], bytes: 1000 });
    engineOf(B).handlers['store/cleanUp'] = () => ({ runs: [...b], bytes: 500 });
  }
  beforeEach(() => storesHave([runRow({ id: ONE }), runRow({ id: TWO })], [runRow({ id: THREE })]));

  it('deletes what the dialog showed, though the rule gives up more by then, and can be undone', async () => {
    rulesGiveUp([ONE], [THREE]);
    engineOf(A).handlers['run/delete'] = () => {
      rulesGiveUp([ONE, TWO], [THREE]);
      return { trash: '/trash' };
    };
    host.answers = ['Keep the latest 3', 'Delete 2 runs', 'Undo'];
    await run('recsys.cleanUp');
    const dialog = host.shown.find(({ kind }) => kind === 'warning');
    expect(dialog).toMatchObject({ text: 'Delete 2 runs (1.5 kB)?', choices: ['Delete 2 runs'] });
    expect(dialog?.detail).toMatch(
      /^playlists\.parquet · .*\nplaylists\.parquet · .*\n\nThey stay in the trash/,
    );
    expect(engineOf(A).asksOf('run/delete')).toEqual([{ run: ONE }]);
    expect(engineOf(B).asksOf('run/delete')).toEqual([{ run: THREE }]);
    expect(engineOf(A).asksOf('store/cleanUp')).toEqual([
      { rule: { keepLatest: 3, keepDays: 0 }, dryRun: true },
    ]);
    await expect.poll(() => engineOf(B).asksOf('run/restore')).toEqual([{ run: THREE }]);
    expect(engineOf(A).asksOf('run/restore')).toEqual([{ run: ONE }]);
  });

  it('of one run says so in the singular', async () => {
    rulesGiveUp([ONE], []);
    host.answers = ['Keep another number', '0', 'Delete 1 run'];
    await run('recsys.cleanUp');
    expect(host.messages('warning')).toEqual(['Delete 1 run (1.5 kB)?']);
    expect(host.messages('information')).toEqual(['Deleted 1 run.']);
  });

  it('deletes nothing without a yes, and says so where nothing is given up', async () => {
    rulesGiveUp([ONE], []);
    host.answers = ['Keep the latest 3', undefined];
    await run('recsys.cleanUp');
    expect(engineOf(A).asksOf('run/delete')).toEqual([]);
    rulesGiveUp([], []);
    host.answers = ['Keep the latest 3'];
    await run('recsys.cleanUp');
    expect(host.messages('information')[0]).toMatch(/^Nothing to clean up/);
  });

  it('tells of a run that could not be deleted, and of how many were', async () => {
    rulesGiveUp([ONE, TWO], []);
    engineOf(A).handlers['run/delete'] = ({ run: id }) => {
      if (id === ONE) throw new UserError(`Run ${ONE} is running.`, 'Cancel it first.');
      return { trash: '/trash' };
    };
    host.answers = ['Keep the latest 3', 'Delete 2 runs'];
    await run('recsys.cleanUp');
    expect(host.messages('error')).toEqual([`Run ${ONE} is running. Cancel it first.`]);
    expect(host.messages('information')).toEqual(['Deleted 1 run.']);
  });

  it('takes whole numbers only', async () => {
    host.answers = ['Keep another number', '-1'];
    await run('recsys.cleanUp');
    expect(host.refusals).toEqual(['A whole number, 0 or more']);
    expect(engineOf(A).asked).toEqual([]);
  });
});

describe('training', () => {
  const guess = { spec: runView().manifest.spec, reasons: {} };
  const knows = (store: string): void => {
    engineOf(store).handlers['data/preview'] = () => ({ columns: [], guess, saved: guess.spec });
  };

  it('on a file goes to the store of the folder that holds it', async () => {
    knows(B);
    await run('recsys.trainFile', vscode.Uri.file('/projects/b/data/x.csv'));
    expect(launches.map(({ options }) => [options.workingFolder, options.arguments.slice(0, 2)])).toEqual([
      ['/projects/b', ['run', 'data/x.csv']],
    ]);
    expect(launches[0]?.option('--store')).toBe(B);
  });

  it('asks for the file, and shows in which folder it lies', async () => {
    knows(A);
    host.files = [Uri.file('/projects/a/x.csv'), Uri.file('/projects/b/y$(z).csv')];
    host.answers = ['x.csv'];
    await run('recsys.train');
    expect(host.shown[0]?.items).toMatchObject([
      { label: '$(table) x.csv', description: 'a' },
      { label: '$(table) y\\$(z).csv', description: 'b' },
      { label: '$(folder-opened) Browse…' },
    ]);
    expect(launches.map(({ options }) => options.arguments[1])).toEqual(['x.csv']);
  });

  it('is not started where the columns are not confirmed', async () => {
    engineOf(A).handlers['data/preview'] = () => ({ columns: [], guess });
    host.answers = [undefined];
    await run('recsys.trainFile', vscode.Uri.file('/projects/a/x.csv'));
    expect(launches).toEqual([]);
    expect(engineOf(A).asksOf('data/saveSpec')).toEqual([]);
  });

  it('of a broken recsys.json offers to open it', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(`${folder}/recsys.json`, '{');
    const failing = (): never => {
      throw new UserError('recsys.json is not valid JSON.', 'Correct it.', { remedy: 'specFile' });
    };
    engineOf(A).handlers['data/preview'] = failing;
    host.answers = ['Open recsys.json'];
    await run('recsys.trainFile', vscode.Uri.file(`${folder}/x.csv`));
    await expect.poll(() => host.executed.at(-1)?.id).toBe('vscode.open');
    expect(host.executed.at(-1)?.args).toMatchObject([{ fsPath: `${folder}/recsys.json` }]);
    fs.rmSync(folder, { recursive: true });
  });

  it('with options passes what was chosen, and nothing that was not', async () => {
    knows(A);
    const kind = (name: string, byDefault: boolean) => ({ name, title: name, description: '', byDefault });
    engineOf(A).handlers['models/kinds'] = () => ({ kinds: [kind('markov', true), kind('prod2vec', true)] });
    host.answers = ['Models', ['markov'], 'Minimum length', '2', 'Sample', '12.5', 'Seed', '', 'Train'];
    await run('recsys.trainWithFile', vscode.Uri.file('/projects/a/x.csv'));
    expect(launches[0]?.options.arguments.slice(0, 8)).toEqual([
      ...['run', 'x.csv', '--models', 'markov', '--minimum-length', '2', '--sample-fraction', '0.125'],
    ]);
    expect(launches[0]?.options.arguments).not.toContain('--seed');
    host.answers = ['Minimum length', '1', 'Sample', '101', 'Seed', '1.5', undefined];
    await run('recsys.trainWithFile', vscode.Uri.file('/projects/a/x.csv'));
    expect(host.refusals).toEqual([
      'A whole number from 2 to 1000000',
      'A number from 0.0001 to 100',
      'A whole number from 0 to 2147483647',
    ]);
    expect(launches).toHaveLength(1);
  });

  it('goes on with a run in its folder', async () => {
    await storesHave([], [runRow({ id: THREE, state: 'failed' })]);
    await runOn('recsys.resume', THREE);
    expect(launches.map(({ options }) => [options.workingFolder, options.arguments.slice(0, 2)])).toEqual([
      ['/projects/b', ['resume', THREE]],
    ]);
  });

  it('tunes with a kind and a budget', async () => {
    knows(A);
    engineOf(A).handlers['models/tunable'] = () => ({
      kinds: [{ name: 'markov', title: 'Markov', description: '' }],
    });
    host.answers = ['Markov', 'Another budget', '15 min'];
    await run('recsys.tuneFile', vscode.Uri.file('/projects/a/x.csv'));
    expect(launches[0]?.options.arguments.slice(0, 6)).toEqual([
      ...['tune', 'x.csv', '--model', 'markov', '--minutes', '15'],
    ]);
  });
});

describe('neighbours', () => {
  it('are those of the newest run with vectors of all folders, and lead on', async () => {
    await storesHave([runRow({ id: ONE, bestEmbedding: 'm' })], [runRow({ id: THREE, bestEmbedding: 'm' })]);
    engineOf(B).handlers['neighbours/query'] = ({ item }) => ({
      ...{ run: THREE, model: 'm', query: item, asked: 20 },
      neighbours: [{ item: `after ${item}`, score: 0.5 }],
    });
    host.answers = ['x', 'after x', undefined];
    await run('recsys.findNeighbours');
    expect(engineOf(B).asksOf('neighbours/query')).toEqual([
      { item: 'x', k: 20, model: 'm', run: THREE },
      { item: 'after x', k: 20, model: 'm', run: THREE },
    ]);
  });
});

describe('the window', () => {
  it('keeps context keys true to all stores', async () => {
    const keys = maintainContextKeys(window.stores, window.endpoints.list);
    expect(host.context.get('recsys.looked')).toBeUndefined();
    await storesHave([runRow({ id: ONE })], [runRow({ id: THREE, state: 'running' })]);
    expect(host.context.get('recsys.looked')).toBe(true);
    expect([...host.context.keys()].toSorted()).toEqual([...CONTEXT_KEYS].toSorted());
    expect(host.context.get('recsys.hasRunning')).toBe(true);
    await storesHave([runRow({ id: ONE, state: 'cancelled' })]);
    expect(host.context.get('recsys.hasRunning')).toBe(false);
    expect(host.context.get('recsys.hasResumable')).toBe(true);
    keys.dispose();
  });

  it('has a status bar item while something runs, which leads to that run', async () => {
    const bar = new RunStatusBar(window.stores);
    const shown = () => host.statusBar.map(({ text, visible }) => (visible ? text : ''));
    await storesHave([runRow({ id: ONE })], [runRow({ id: THREE, state: 'running', fraction: 0.429 })]);
    expect(shown()).toEqual(['$(loading~spin) RecSys 42 %']);
    expect(host.statusBar[0]?.command).toMatchObject({
      command: 'recsys.showRunning',
      arguments: [`${B}/runs/${THREE}`],
    });
    await run('recsys.showRunning', THREE);
    expect(host.revealed).toMatchObject([{ id: `${B}/runs/${THREE}` }]);
    await storesHave([runRow({ id: TWO, state: 'running' })], [runRow({ id: THREE, state: 'running' })]);
    expect(shown()).toEqual(['$(loading~spin) RecSys: 2 runs']);
    await storesHave([]);
    expect(shown()).toEqual(['']);
    bar.dispose();
    expect(host.statusBar).toEqual([]);
  });
});
