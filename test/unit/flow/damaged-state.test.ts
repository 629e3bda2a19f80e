/** Damaged state files: the driver outlives them, says what they are, and does the steps anew. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestCancel } from '../../../src/pipeline/flow/request-cancel.ts';
import { adoptStep } from '../../../src/pipeline/flow/reuse.ts';
import { goOnWith } from '../../../src/pipeline/launch/go-on.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { model, toyFlow } from '../support/toy-flow.ts';
import { temporaryStore, ToyPrograms, toyRun } from '../support/toy-store.ts';

const programs = new ToyPrograms();
let store: RunStore;

beforeAll(() => programs.build());
afterAll(() => programs.remove());
beforeEach(() => {
  const temporary = temporaryStore();
  ({ store } = temporary);
  return temporary.remove;
});

const DAMAGES: readonly (readonly [string, (file: string) => void])[] = [
  ['garbage', (file) => fs.writeFileSync(file, Buffer.from([0, 255, 1]))],
  ['empty', (file) => fs.writeFileSync(file, '')],
  ['half of it', (file) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2))],
  ['of another shape', (file) => fs.writeFileSync(file, '{"format":1,"state":"done"}')],
  ['a list', (file) => fs.writeFileSync(file, '[]')],
];

describe.each(DAMAGES)('a state.json that is %s', (_, damage) => {
  it('of a finished step: the step is done anew, and the person is told', async () => {
    const run = await toyRun(store);
    await programs.drive(store, run, { until: 'prepare' }).result;
    damage(run.stateFile('prepare'));
    const { events, result } = programs.drive(store, run);
    expect(await result).toEqual({ outcome: 'succeeded' });
    expect(run.stepState('prepare')?.state).toBe('succeeded');
    expect(events).toContainEqual({
      step: 'driver',
      event: {
        ...{ type: 'log', level: 'warning' },
        message: expect.stringMatching(/prepare is done anew: .*state\.json is broken: /) as string,
      },
    });
  });

  it('of a branch that has just ended: the branch has failed, for that reason, and the others go on', async () => {
    const run = await toyRun(store);
    const { result } = programs.drive(store, run, {
      onEvent: (step, event) => {
        if (step === 'train/one' && event.type === 'state' && event.state === 'succeeded')
          damage(run.stateFile(step));
      },
    });
    expect(await result).toEqual({ outcome: 'succeeded' });
    expect(run.stepState('measure/two')?.state).toBe('succeeded');
    expect(run.stepState('measure/one')).toBeUndefined();
    expect(run.driverState()?.state).toBe('succeeded');
  });

  it('of the only step: the run has failed, for that reason', async () => {
    const run = await toyRun(store);
    const { result } = programs.drive(store, run, {
      onEvent: (step, event) => {
        if (step === 'prepare' && event.type === 'state' && event.state === 'succeeded')
          damage(run.stateFile(step));
      },
    });
    const { outcome, failure } = await result;
    expect(outcome).toBe('failed');
    expect(failure?.message).toMatch(/prepare: .*state\.json is broken: /);
    expect(run.driverState()?.state).toBe('failed');
  });

  it('of the driver: the run can be driven on', async () => {
    const run = await toyRun(store);
    await programs.drive(store, run, { until: 'prepare' }).result;
    damage(run.stateFile('driver'));
    // This process drove it, and is alive.
    fs.writeFileSync(run.claimFile(1), JSON.stringify({ ...ownIdentity(), pid: 2 ** 22 + 1 }));
    expect(await programs.drive(store, run).result).toEqual({ outcome: 'succeeded' });
    expect(run.driverState()).toMatchObject({ attempt: 2, state: 'succeeded' });
  });
});

it('a state that may be whole but cannot be read is left alone, and the run has failed for that reason', async () => {
  const run = await toyRun(store);
  await programs.drive(store, run, { until: 'prepare' }).result;
  const file = run.stateFile('prepare');
  fs.writeFileSync(file, JSON.stringify({ ...run.stepState('prepare'), format: 2 }));
  const before = fs.readFileSync(file, 'utf8');
  await expect(programs.drive(store, run).result).rejects.toThrow('by a newer version of RecSys');
  expect(run.driverState()).toMatchObject({ state: 'failed' });
  expect(fs.readFileSync(file, 'utf8')).toBe(before);
});

it('a run whose driver is alive is not driven twice, deleted, or left uncancelled for a damaged state', async () => {
  const run = await toyRun(store, [model('one', { wait: 60_000 })]);
  const { result } = programs.drive(store, run, {
    onEvent: (step, event) => {
      if (step !== 'train/one' || event.type !== 'progress') return;
      fs.writeFileSync(run.stateFile('driver'), 'garbage');
    },
  });
  await expect.poll(() => fs.readFileSync(run.stateFile('driver'), 'utf8').startsWith('garbage')).toBe(true);
  expect(run.isDriven()).toBe(true);
  await expect(store.remove(run)).rejects.toThrow('is running');
  await expect(programs.drive(store, run).result).rejects.toThrow('being started by another process');
  requestCancel(run);
  expect((await result).outcome).toBe('cancelled');
});

describe('an artifact name that leads out of its folder', () => {
  const NAMES = [
    '../secret',
    '/etc/passwd',
    'a/../../b',
    'C:secret',
    '..\\secret',
    '..',
    '.',
    '',
    'sub/../file',
    'sub//file',
    'sub/',
    'sub/..',
  ];

  it.each(NAMES)('%j is refused where the state is read', async (file) => {
    const [from, to] = [await toyRun(store), await toyRun(store)];
    await programs.drive(store, from, { until: 'prepare' }).result;
    const state = from.stepState('prepare');
    const artifacts = [{ name: 'result', file, bytes: 1, sha256: '' }];
    fs.writeFileSync(from.stateFile('prepare'), JSON.stringify({ ...state, artifacts }));
    expect(() => from.stepState('prepare')).toThrow(
      "'artifacts.0.file' is missing or is not what it should be",
    );
    await expect(adoptStep(from, to, 'prepare')).rejects.toThrow('artifacts.0.file');
    expect(fs.existsSync(to.stepFolder('prepare'))).toBe(false);
  });

  it('is not hidden by a link: what is linked to is not taken for the artifact', async () => {
    const run = await finished();
    const result = path.join(run.stepFolder('prepare'), 'result.json');
    fs.renameSync(result, path.join(store.folder, 'elsewhere.json'));
    fs.symlinkSync(path.join(store.folder, 'elsewhere.json'), result);
    const other = await toyRun(store);
    const { events, result: end } = programs.drive(store, other, { until: 'prepare' });
    expect((await end).outcome).toBe('succeeded');
    expect(events.some(({ event }) => event.type === 'state' && event.state === 'reused')).toBe(false);
    expect(other.stepState('prepare')?.run).toBe(other.id);
  });

  async function finished(): Promise<RunFolder> {
    const run = await toyRun(store);
    await programs.drive(store, run, { until: 'prepare' }).result;
    return run;
  }
});

it('a run that is to go on does what is damaged anew, in a new run where a later step was finished', async () => {
  const run = await toyRun(store);
  await programs.drive(store, run).result;
  fs.writeFileSync(run.stateFile('train/two'), '{');
  const going = await goOnWith(store, toyFlow, run, 'join');
  expect(going.run.id).not.toBe(run.id);
  expect(await programs.drive(store, going.run).result).toEqual({ outcome: 'succeeded' });
  expect(going.run.stepState('train/one')?.run).toBe(run.id);
  expect(going.run.stepState('train/two')?.run).toBe(going.run.id);
});
