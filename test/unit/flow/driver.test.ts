import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MIB } from '../../../src/pipeline/flow/memory-budget.ts';
import { requestCancel } from '../../../src/pipeline/flow/request-cancel.ts';
import { goOnWith } from '../../../src/pipeline/launch/go-on.ts';
import { deriveRun, NO_LABELS } from '../../../src/pipeline/launch/new-run.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { shownState } from '../../../src/pipeline/store/shown-state.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { model, toyFlow } from '../support/toy-flow.ts';
import { identities, temporaryStore, toyRun, ToyPrograms } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';

const programs = new ToyPrograms();
let folder: string;
let store: RunStore;

beforeAll(() => programs.build());
afterAll(() => programs.remove());
beforeEach(() => {
  const temporary = temporaryStore();
  ({ folder, store } = temporary);
  return temporary.remove;
});

const STEPS = ['prepare', 'train/one', 'train/two', 'measure/one', 'measure/two', 'join'];
const states = (run: RunFolder): Record<string, string | undefined> =>
  Object.fromEntries(STEPS.map((step) => [step, run.stepState(step)?.state]));

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run', () => {
  it('runs all steps in order and tells of each', async () => {
    const run = await toyRun(store);
    const { events, result } = programs.drive(store, run);
    expect(await result).toEqual({ outcome: 'succeeded' });
    expect(new Set(Object.values(states(run)))).toEqual(new Set(['succeeded']));
    const told = events.flatMap(({ step, event }) =>
      event.type === 'state' ? [`${step} ${event.state}`] : [],
    );
    for (const step of STEPS) expect(told).toContain(`${step} succeeded`);
    expect(told.at(-1)).toBe('driver succeeded');
    expect(run.driverState()).toMatchObject({ state: 'succeeded', attempt: 1, until: 'join' });
    const join = JSON.parse(
      fs.readFileSync(path.join(run.stepFolder('join'), 'result.json'), 'utf8'),
    ) as unknown;
    expect(join).toMatchObject({ branches: [[], ['one', 'two']] });
    const measure = fs.readFileSync(path.join(run.stepFolder('measure/two'), 'result.json'), 'utf8');
    expect(JSON.parse(measure)).toMatchObject({ inputs: ['prepare', 'two'] });
  });

  it('does not run at once what needs more memory together than the run may use', async () => {
    const parameters = { wait: 200, memory: 450 * MIB };
    const run = await toyRun(store, [model('one', parameters), model('two', parameters)]);
    const { events, result } = programs.drive(store, run);
    expect(await result).toEqual({ outcome: 'succeeded' });
    const at = (step: string, state: string): number =>
      events.findIndex(
        (told) => told.step === step && told.event.type === 'state' && told.event.state === state,
      );
    const [first, second] = ['train/one', 'train/two'].toSorted(
      (a, b) => at(a, 'running') - at(b, 'running'),
    );
    expect(at(second ?? '', 'running')).toBeGreaterThan(at(first ?? '', 'succeeded'));
  });

  it('gives what is far more work all threads, and runs the light beside it, aside', async () => {
    const end = path.join(folder, 'end');
    const heavy = model('one', { weight: 1000, until: end });
    const run = await toyRun(store, [heavy, model('two'), model('three')]);
    const maxWorkers = os.availableParallelism();
    const { orders, result } = programs.drive(store, run, {
      ...{ maxWorkers, until: 'train' },
      onEvent: (step, event) => {
        if (step === 'train/three' && event.type === 'state' && event.state === 'succeeded')
          fs.writeFileSync(end, '');
      },
    });
    expect(await result).toEqual({ outcome: 'succeeded' });
    const grants = orders.map(({ path: task, threads, aside }) => [task, threads, aside]);
    expect(grants).toEqual([
      ['prepare', 1, false],
      ['train/one', maxWorkers, false],
      ['train/two', 1, true],
      ['train/three', 1, true],
    ]);
    const memory = orders.slice(1, 3).reduce((sum, order) => sum + order.memory, 0);
    expect(memory).toBeLessThanOrEqual(800);
  });

  it('stops at the step asked for, and goes on from there with nothing done twice', async () => {
    const run = await toyRun(store);
    await programs.drive(store, run, { until: 'prepare' }).result;
    expect(states(run)).toMatchObject({ prepare: 'succeeded', 'train/one': undefined });
    const before = identities(run.stepFolder('prepare'));
    expect(await programs.drive(store, run).result).toEqual({ outcome: 'succeeded' });
    expect(identities(run.stepFolder('prepare'))).toEqual(before);
    expect(run.driverState()?.attempt).toBe(2);
  });

  it('takes prepared data over from another run, as the same files', async () => {
    const first = await toyRun(store);
    await programs.drive(store, first, { until: 'prepare' }).result;
    const second = await toyRun(store);
    const { events, result } = programs.drive(store, second, { until: 'prepare' });
    await result;
    expect(events).toContainEqual({
      step: 'prepare',
      event: { type: 'state', state: 'reused', message: `from run ${first.id}` },
    });
    expect(second.stepState('prepare')?.run).toBe(first.id);
    expect(identities(second.stepFolder('prepare'))).toEqual(identities(first.stepFolder('prepare')));
    await store.remove(first);
    expect(fs.readFileSync(path.join(second.stepFolder('prepare'), 'result.json'), 'utf8')).toContain(
      'prepare',
    );
  });

  it('does not take over what another run has damaged', async () => {
    const first = await toyRun(store);
    await programs.drive(store, first, { until: 'prepare' }).result;
    const artifact = path.join(first.stepFolder('prepare'), 'result.json');
    const text = fs.readFileSync(artifact, 'utf8');
    fs.writeFileSync(artifact, text.replace('prepare', 'PREPARE'));
    const second = await toyRun(store);
    await programs.drive(store, second, { until: 'prepare' }).result;
    expect(second.stepState('prepare')?.run).toBe(second.id);
    await expect(programs.drive(store, first).result).rejects.toThrow(/damaged: result.json/);
    expect(first.driverState()?.state).toBe('failed');
  });
});

describe('a branch that fails', () => {
  it('takes its own later steps down, but neither the other branches nor the join', async () => {
    const run = await toyRun(store, [model('one', { fail: true }), model('two')]);
    expect(await programs.drive(store, run).result).toEqual({ outcome: 'succeeded' });
    expect(states(run)).toEqual({
      ...{ prepare: 'succeeded', 'train/one': 'failed', 'train/two': 'succeeded' },
      ...{ 'measure/one': undefined, 'measure/two': 'succeeded', join: 'succeeded' },
    });
    expect(run.stepState('train/one')?.failure?.message).toBe('told to fail');
  });

  it('leaves the run as it is when it was skipped, and is not tried again', async () => {
    const run = await toyRun(store, [model('one'), model('two', { skip: true })]);
    expect(await programs.drive(store, run).result).toEqual({ outcome: 'succeeded' });
    expect(run.stepState('train/two')).toMatchObject({
      state: 'skipped',
      reason: 'nothing to do',
      artifacts: [],
    });
    expect(states(run)).toMatchObject({ 'measure/two': undefined, join: 'succeeded' });
    expect((await goOnWith(store, toyFlow, run, 'join')).unfinished).toBe(0);
  });

  it('fails the run when all do, with the reason', async () => {
    const run = await toyRun(store, [model('one', { fail: true }), model('two', { die: true })]);
    const { outcome, failure } = await programs.drive(store, run).result;
    expect(outcome).toBe('failed');
    expect(failure?.message).toBe('train/one: told to fail (and 1 more failed)');
    expect(states(run)).toMatchObject({ join: undefined });
  });

  it('says so when its process was killed', async () => {
    const run = await toyRun(store, [model('one', { die: true })]);
    const { failure } = await programs.drive(store, run).result;
    expect(failure?.message).toBe('train/one: its process was killed (SIGKILL)');
    expect(failure?.hint).toMatch(/memory/);
  });

  it('is tried again in the run itself, while nothing that needs it is finished', async () => {
    const flag = path.join(folder, 'well');
    const run = await toyRun(store, [model('one', { fail: true, unless: flag })]);
    await programs.drive(store, run).result;
    fs.writeFileSync(flag, '');
    const prepared = identities(run.stepFolder('prepare'));
    const going = await goOnWith(store, toyFlow, run, 'join');
    expect(going.run.id).toBe(run.id);
    expect(await programs.drive(store, going.run).result).toEqual({ outcome: 'succeeded' });
    expect(run.stepState('train/one')?.attempt).toBe(2);
    expect(identities(run.stepFolder('prepare'))).toEqual(prepared);
  });

  it('is tried again in a new run, where a finished join did without it', async () => {
    const flag = path.join(folder, 'well');
    const run = await toyRun(store, [model('one', { fail: true, unless: flag }), model('two')]);
    await programs.drive(store, run).result;
    fs.writeFileSync(flag, '');
    const before = identities(run.folder);
    // The toy flow's plan does not keep behaviours, so the models are the run's own.
    const flow = {
      ...toyFlow,
      plan: () => ({ parameters: { a: 1, b: 1, c: 1 }, models: run.manifest().models }),
    };
    const { run: again, unfinished } = await goOnWith(store, flow, run, 'join');
    expect(unfinished).toBe(2);
    expect(again.id).not.toBe(run.id);
    expect(again.manifest().origin).toEqual({ run: run.id, reason: 'tried train/one, measure/one again' });
    expect(await programs.drive(store, again).result).toEqual({ outcome: 'succeeded' });
    expect(identities(again.stepFolder('train/two'))).toEqual(identities(run.stepFolder('train/two')));
    expect(again.stepState('join')?.run).toBe(again.id);
    expect(identities(run.folder)).toEqual(before);
  });
});

describe('starting again', () => {
  const derive = (origin: RunFolder, changes: Record<string, unknown>, from?: string): Promise<RunFolder> =>
    deriveRun(store, {
      ...{ flow: toyFlow, origin, changes, until: 'join', labels: NO_LABELS, reason: 'test' },
      ...(from === undefined ? {} : { from }),
    });
  const from = (run: RunFolder): Record<string, boolean> =>
    Object.fromEntries(STEPS.map((step) => [step, run.stepState(step)?.run !== run.id]));
  const all = (value: boolean): Record<string, boolean> =>
    Object.fromEntries(STEPS.map((step) => [step, value]));

  it.each([
    ['c', all(true), ['join']],
    ['b', all(true), ['train/one', 'train/two', 'measure/one', 'measure/two', 'join']],
  ])('with another %s keeps all it does not touch', async (name, kept, anew) => {
    const origin = await toyRun(store);
    await programs.drive(store, origin).result;
    const run = await derive(origin, { [name]: 5 });
    await programs.drive(store, run).result;
    expect(from(run)).toEqual({ ...kept, ...Object.fromEntries(anew.map((step) => [step, false])) });
    expect(run.driverState()?.state).toBe('succeeded');
  });

  it('from a step or a branch does it and all after it anew, even what could be shared', async () => {
    const origin = await toyRun(store);
    await programs.drive(store, origin).result;
    const whole = await derive(origin, {}, 'prepare');
    await programs.drive(store, whole).result;
    expect(from(whole)).toEqual(all(false));
    const branch = await derive(origin, {}, 'train/two');
    await programs.drive(store, branch).result;
    expect(from(branch)).toEqual({ ...all(true), 'train/two': false, 'measure/two': false, join: false });
    await expect(derive(origin, {}, 'train/nine')).rejects.toThrow("no step or branch 'train/nine'");
    expect(store.runIds()).toHaveLength(3);
  });
});

describe('two processes', () => {
  it('cannot drive one run at once', async () => {
    const run = await toyRun(store, [model('one', { wait: 300 })]);
    const first = programs.drive(store, run).result;
    const second = programs.drive(store, run).result;
    const [a, b] = await Promise.allSettled([first, second]);
    const fulfilled = [a, b].filter((one) => one.status === 'fulfilled');
    const rejected = [a, b].filter((one) => one.status === 'rejected');
    expect(fulfilled).toHaveLength(1);
    expect(String(rejected[0]?.reason)).toMatch(/being started by another|already running/);
    expect(states(run)).toMatchObject({ 'train/one': 'succeeded', join: 'succeeded' });
    expect(run.stepState('prepare')?.attempt).toBe(1);
  });

  it('a claim left by a process that died right after it does not block the run', async () => {
    const run = await toyRun(store);
    fs.mkdirSync(run.stepFolder('driver'), { recursive: true });
    fs.writeFileSync(
      run.claimFile(1),
      '{"pid":2147483646,"host":"' + (await import('node:os')).hostname() + '"}',
    );
    expect(await programs.drive(store, run).result).toEqual({ outcome: 'succeeded' });
    expect(run.driverState()?.attempt).toBe(2);
  });
});

describe('cancelling', () => {
  it('stops all children within two seconds, deaf ones too, and leaves a run that resumes', async () => {
    const flag = path.join(folder, 'well');
    const run = await toyRun(store, [
      model('one', { deaf: true, unless: flag }),
      model('two', { wait: 60_000, unless: flag }),
    ]);
    const driving = programs.drive(store, run, { maxWorkers: 4 });
    await until(
      () => run.stepState('train/one') !== undefined && run.stepState('train/two') !== undefined,
      'branches',
    );
    const started = performance.now();
    requestCancel(run);
    expect(await driving.result).toEqual({ outcome: 'cancelled' });
    expect(performance.now() - started).toBeLessThan(patience(2000));
    for (const step of ['train/one', 'train/two']) {
      const state = run.stepState(step);
      // One that gets no processor in its second is killed before it can say so.
      expect(['cancelled', 'interrupted']).toContain(shownState(run, step, state));
      expect(() => process.kill(state?.process.pid ?? 0, 0)).toThrow();
    }
    expect(run.driverState()?.state).toBe('cancelled');
    expect(() => requestCancel(run)).toThrow('is not running');
    fs.writeFileSync(flag, '');
    expect(await programs.drive(store, run).result).toEqual({ outcome: 'succeeded' });
  });
});
