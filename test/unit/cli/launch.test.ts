import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cancelRun } from '../../../src/pipeline/flow/request-cancel.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { FailureEvent } from '../../../src/protocol/events.ts';
import { newRunId } from '../../../src/protocol/run-id.ts';
import { recsys, startRecsys, type CliEnd } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const store = RunStore.open(path.join(folder, '.recsys'));
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
const prepare = (...args: string[]): Promise<CliEnd> => cli('prepare', 'tiny.csv', ...SMALL_JOB, ...args);
beforeAll(() => writeTinyPlaylists(path.join(folder, 'tiny.csv')));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('--id', () => {
  it('gives the run the id that its starter knows it by', async () => {
    const id = newRunId();
    const end = await prepare('--id', id);
    expect(end.code, end.stderr).toBe(0);
    expect(store.runIds()).toContain(id);
  });

  it('is refused where a run has it, be it in the trash, and where it is none', async () => {
    const id = newRunId();
    await prepare('--id', id);
    const again = await prepare('--id', id);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(`There is a run ${id} already.`);
    await cli('rm', id);
    expect((await prepare('--id', id)).stderr).toContain(`There is a run ${id} already.`);
    for (const wrong of ['../x', 'latest', '20269999-999999999-abcd']) {
      const refused = await prepare('--id', wrong);
      expect(refused.code, wrong).toBe(2);
      expect(refused.stderr).toMatch(/is no id of a run\.\nIds are made of .* \d{8}-\d{9}-\w{4}$/m);
    }
    expect(fs.readdirSync(folder).toSorted()).toEqual(['.recsys', 'tiny.csv']);
  });
});

describe('a run that is cancelled before it is there', () => {
  it('is never made', async () => {
    const id = newRunId();
    await cancelRun(store, id);
    const before = store.runIds();
    const end = await prepare('--id', id, '--seed', '77');
    // Or, on a fast machine, made and cancelled at once.
    expect(end.code, end.stderr).toBe(130);
    if (store.runIds().includes(id)) expect(viewRun(store.run(id)).state).toBe('cancelled');
    else expect(store.runIds()).toEqual(before);
    expect(fs.existsSync(store.earlyCancelFile(id))).toBe(false);
  });

  it('stops a run that is gone on with by the id of its start', { timeout: 60_000 }, async () => {
    await cli('prepare', 'tiny.csv', '--name', 'long', '--seed', '5');
    const run = store.resolve('long');
    const id = newRunId();
    // Long enough to be cancelled in the middle: nobody waits for its end.
    const { end } = startRecsys(['evaluate', 'long', '--id', id], { cwd: folder });
    await vi.waitFor(() => expect(run.driverState()).toMatchObject({ attempt: 2 }), { timeout: 20_000 });
    await cancelRun(store, id);
    expect((await end).code).toBe(130);
    expect(viewRun(run).state).toBe('cancelled');
    expect(store.runIds()).not.toContain(id);
    expect(fs.existsSync(store.earlyCancelFile(id))).toBe(false);
  });

  it('of a run that has ended is refused', async () => {
    const id = newRunId();
    await prepare('--id', id);
    await expect(cancelRun(store, id)).rejects.toThrow('is not running');
  });
});

describe('deleted runs', () => {
  it('can be brought back, by the very ids that were given', async () => {
    const ids = [newRunId(), newRunId()];
    for (const id of ids) await prepare('--id', id);
    const end = await cli('rm', ...ids);
    expect(end.stdout).toContain(`recsys restore ${ids.join(' ')}`);
    expect(store.runIds().filter((id) => ids.includes(id))).toEqual([]);
    expect((await cli('restore', ...ids)).code).toBe(0);
    expect(store.runIds().filter((id) => ids.includes(id))).toHaveLength(2);
    await cli('rm', '--permanently', ...ids);
    const gone = await cli('restore', ids[0] ?? '');
    expect(gone.code).toBe(3);
    expect(gone.stderr).toContain('no longer in the trash');
  });

  it('of a clean-up are in the trash as well', async () => {
    const id = newRunId();
    await prepare('--id', id);
    await cli('clean', '--keep-latest', '0', '--keep-days', '0');
    expect(store.runIds()).not.toContain(id);
    await cli('restore', id);
    expect(store.runIds()).toContain(id);
  });
});

describe('a failure before the run', () => {
  const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

  it('is an event for programs, with what to do and the button that helps', async () => {
    fs.writeFileSync(path.join(folder, 'numbers.csv'), 'a,b\n1,2\n3,4\n');
    const end = await cli('run', 'numbers.csv', '--errors=json');
    const failure = FailureEvent.parse(lastLine(end.stderr));
    expect(failure).toMatchObject({ exitCode: 1, remedy: 'columns' });
    expect(failure.message).toMatch(/cannot be told from their names/);
    expect(failure.hint).toMatch(/^Name them/);
    expect(end.stderr).not.toContain('Error:');
  });

  it('is the last line of --json too, and people read it as before', async () => {
    const end = await cli('run', 'numbers.csv', '--json');
    expect(FailureEvent.parse(lastLine(end.stdout)).remedy).toBe('columns');
    expect(end.stderr).toMatch(/^Error: .*\nName them/m);
  });

  it('is one for a wrong command line and a broken recsys.json', async () => {
    const wrong = await cli('run', 'tiny.csv', '--no-such-option', '--errors=json');
    expect(lastLine(wrong.stderr)).toMatchObject({
      ...{ type: 'failure', exitCode: 2, message: "unknown option '--no-such-option'" },
    });
    const other = path.join(folder, 'other');
    fs.mkdirSync(other);
    writeTinyPlaylists(path.join(other, 'tiny.csv'));
    fs.writeFileSync(path.join(other, 'recsys.json'), '{');
    const broken = await recsys(['run', 'tiny.csv', '--errors=json'], { cwd: other });
    expect(lastLine(broken.stderr)).toMatchObject({ remedy: 'specFile', exitCode: 1 });
  });

  it('keeps its remedy where a step of the run failed', async () => {
    const end = await cli('prepare', 'tiny.csv', '--minimum-length', '500', '--name', 'short');
    expect(end.code).toBe(1);
    expect(viewRun(store.resolve('short')).failure).toMatchObject({
      remedy: 'options',
      hint: expect.stringContaining('minimum length') as string,
    });
  });
});
