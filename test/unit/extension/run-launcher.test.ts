import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunRow } from '../../../src/protocol/run-row.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { runRow } from '../../vscode/suite/sample-views.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { launches, type FakeLaunch } from './fake-launch.ts';
import { host, type ShownProgress } from './vscode-stub/host.ts';
import { openWindow, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));
vi.mock('../../../src/extension/processes/launch-detached.ts', () => import('./fake-launch.ts'));

const STORE = '/projects/a/.recsys';
let window: OpenedWindow;
beforeEach(() => {
  host.reset();
  forgetEngines();
  launches.length = 0;
  window = openWindow('/projects/a');
});
afterEach(() => window.dispose());

interface Started {
  readonly launch: FakeLaunch;
  readonly progress: ShownProgress;
  /** The id that the new run has or will have. */
  readonly id: string;
}

async function start(run?: string): Promise<Started> {
  const file = '/projects/a/x.csv';
  await window.launcher.start(
    window.stores.first(),
    run === undefined ? ['run', 'x.csv'] : ['resume', run],
    run === undefined ? { file } : { run, file },
  );
  const launch = launches.at(-1) ?? expect.fail('nothing was started');
  const progress = host.progress.at(-1) ?? expect.fail('no progress is shown');
  return { launch, progress, id: launch.option('--id') ?? '' };
}

/** The store as the engine tells of it from now on. */
async function storeHas(...runs: RunRow[]): Promise<void> {
  engineOf(STORE).runs = runs;
  await window.stores.load();
}

const cancelled = () => engineOf(STORE).asksOf('run/cancel');

describe('a start', () => {
  it('gives the run an id, and asks for failures that can be read', async () => {
    const { launch, id } = await start();
    expect(id).toMatch(/^\d{8}-\d{9}-[0-9a-z]{4}$/);
    expect(launch.options.arguments).toEqual([
      ...['run', 'x.csv', '--store', STORE, '--id', id, '--errors=json'],
    ]);
    expect(launch.options.workingFolder).toBe('/projects/a');
  });

  it('sorts after the newest run, though the clock was set back', async () => {
    await storeHas(runRow({ id: '29991231-235959999-zzzz' }));
    expect((await start()).id).toMatch(/^30000101-000000000-/);
  });

  it('is in the folder of the store, with the settings of that folder', async () => {
    host.set('recsys.maxWorkers', 3);
    const { launch } = await start();
    expect(launch.option('--max-workers')).toBe('3');
  });
});

describe('cancelling', () => {
  it('before the run is there cancels that run, whatever run appears meanwhile', async () => {
    const { launch, progress, id } = await start();
    progress.cancel();
    await storeHas(runRow({ id: '20261122-120000000-othr', state: 'running' }));
    expect(cancelled()).toEqual([{ run: id }]);
    expect(progress.messages.at(-1)).toBe('cancelling…');
    launch.end({ code: 130 });
    await expect.poll(() => host.statusMessages).toEqual(['RecSys: cancelled before the run began']);
    expect(host.messages('error')).toEqual([]);
  });

  it('is remembered: it is sent when the engine is up again, and its error is shown once', async () => {
    const { progress, id } = await start();
    engineOf(STORE).isDown = true;
    progress.cancel();
    await expect.poll(() => host.messages('error')).toHaveLength(1);
    expect(host.messages('error')[0]).toMatch(/engine has stopped/);
    await window.stores.load();
    expect(cancelled()).toEqual([]);
    engineOf(STORE).isDown = false;
    await window.stores.load();
    await expect.poll(cancelled).toEqual([{ run: id }]);
    expect(host.messages('error')).toHaveLength(1);
  });

  it('of a run that was gone on with reaches it by the id of the start', async () => {
    const known = '20261122-120000000-know';
    await storeHas(runRow({ id: known, state: 'cancelled' }));
    const { progress, id } = await start(known);
    progress.cancel();
    await expect.poll(cancelled).toEqual([{ run: id }]);
    expect(id).not.toBe(known);
  });
});

describe('progress', () => {
  it('is that of the run which was started, and never goes back', async () => {
    const { progress, id } = await start();
    await storeHas(runRow({ id: '20261122-120000000-othr', state: 'running', fraction: 0.9 }));
    expect(progress.messages).toEqual(['starting']);
    for (const fraction of [0.3, 0.2, 0.5])
      await storeHas(runRow({ id, state: 'running', fraction, secondsLeft: 130 }));
    expect(progress.total).toBeCloseTo(50);
    expect(progress.messages.at(-1)).toMatch(/^playlists\.parquet: 50 % · about 2 min left/);
  });

  it('ends with a word that leads to the card', async () => {
    const { launch, progress, id } = await start();
    host.answers = ['Open Result Card'];
    await storeHas(runRow({ id, best: 'markov', headline: { metric: 'hitRate@10', value: 0.25 } }));
    launch.end({});
    await expect
      .poll(() => host.messages('information'))
      .toEqual(['playlists.parquet is done: markov hitRate@10 0.2500']);
    expect(progress.isOver).toBe(true);
    await expect
      .poll(() => window.opened)
      .toEqual([{ run: `${STORE}/runs/${id}`, title: 'playlists.parquet' }]);
  });

  it('follows the new run that going on with another one makes', async () => {
    const known = '20261122-120000000-know';
    await storeHas(runRow({ id: known, state: 'failed' }));
    const { progress, id } = await start(known);
    expect(progress.messages).toEqual(['starting']);
    await storeHas(runRow({ id: known, state: 'failed' }), runRow({ id, state: 'running', fraction: 0.25 }));
    expect(progress.messages.at(-1)).toMatch(/: 25 %/);
  });
});

describe('a failure', () => {
  const said = (event: object): string =>
    `reading x.csv\n${JSON.stringify({ type: 'failure', t: 1, exitCode: 1, ...event })}`;

  it('before the run is told in words, with the button that mends it', async () => {
    const { launch } = await start();
    host.answers = ['Choose Columns…'];
    launch.end({
      code: 1,
      said: said({ message: 'No item column.', hint: 'Name one.', remedy: 'columns' }),
    });
    await expect.poll(() => host.executedIds()).toEqual(['recsys.chooseColumns']);
    expect(host.shown[0]).toMatchObject({
      ...{ kind: 'error', text: 'No item column. Name one.', choices: ['Choose Columns…', 'Show Log'] },
    });
    expect(host.executed[0]?.args).toMatchObject([{ fsPath: '/projects/a/x.csv' }]);
  });

  it('offers other options where these help', async () => {
    const { launch } = await start();
    launch.end({ code: 1, said: said({ message: 'Too short.', remedy: 'options' }) });
    await expect.poll(() => host.shown.at(-1)?.choices).toEqual(['Change Options…', 'Show Log']);
  });

  it('that was not told in words is not shown as output', async () => {
    const { launch } = await start();
    host.answers = ['Show Log'];
    launch.end({ code: 134, said: 'FATAL ERROR: heap\n 1: 0xb7a3e0 node::Abort()' });
    await expect
      .poll(() => host.messages('error'))
      .toEqual([
        'The run could not be started: its process ended without saying why. The log has what it wrote.',
      ]);
    expect(host.logged.join('\n')).toContain('FATAL ERROR');
    await expect.poll(() => host.isLogShown).toBe(true);
  });

  it('of going on with a run is told, and not the old failure of that run', async () => {
    const known = '20261122-120000000-know';
    await storeHas(runRow({ id: known, state: 'failed', failure: { message: 'old' } }));
    const { launch } = await start(known);
    launch.end({ code: 1, said: said({ message: 'The data are others by now.' }) });
    await expect.poll(() => host.messages('error')).toEqual(['The data are others by now.']);
  });

  it('of a run is told once, with its remedy in the place of Resume', async () => {
    const { launch, id } = await start();
    const failure = { message: 'All sequences are short.', hint: 'Lower it.', remedy: 'options' };
    await storeHas(runRow({ id, state: 'failed', failure }));
    launch.end({ code: 1, said: 'Error: All sequences are short.' });
    await expect
      .poll(() => host.messages('error'))
      .toEqual(['playlists.parquet: All sequences are short. Lower it.']);
    expect(host.shown.at(-1)?.choices).toEqual(['Change Options…', 'Open Log']);
  });

  it('of a run without a remedy offers to resume it', async () => {
    const { launch, id } = await start();
    host.answers = ['Resume'];
    await storeHas(runRow({ id, state: 'failed', failure: { message: 'The disk is full.' } }));
    launch.end({ code: 1 });
    await expect
      .poll(() => host.executed.at(-1))
      .toEqual({ id: 'recsys.resume', args: [`${STORE}/runs/${id}`] });
  });

  it('to cancel is told', async () => {
    engineOf(STORE).handlers['run/cancel'] = () => {
      throw new UserError('Run x is not running.', 'There is nothing to cancel.');
    };
    const { progress } = await start();
    progress.cancel();
    await expect
      .poll(() => host.messages('error'))
      .toEqual(['Run x is not running. There is nothing to cancel.']);
  });
});
