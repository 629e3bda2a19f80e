/** Steps that run only when they are asked for, of a finished run. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../../src/protocol/run.ts';
import { planAsked, planRun } from '../../../src/pipeline/flow/plan.ts';
import { askFor } from '../../../src/pipeline/launch/ask-for.ts';
import { goOnWith } from '../../../src/pipeline/launch/go-on.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { model, toyFlow } from '../support/toy-flow.ts';
import { identities, temporaryStore, toyManifest, toyRun, ToyPrograms } from '../support/toy-store.ts';

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

const MODELS: ModelSpec[] = [
  ...[model('one'), model('two'), model('three')],
  { ...model('both'), members: ['one', 'two'] },
];

async function finished(models: readonly ModelSpec[]): Promise<RunFolder> {
  const run = await toyRun(store, models);
  expect(await programs.drive(store, run).result).toMatchObject({ outcome: 'succeeded' });
  return run;
}

const ask = (run: RunFolder, ...asked: string[]) => programs.drive(store, run, {}, asked);

function stateOf(run: RunFolder, step: string): string | undefined {
  return run.stepState(step)?.state;
}

describe('a plan', () => {
  const manifest = toyManifest({ models: MODELS });
  const paths = (...asked: string[]): string[] =>
    planAsked(toyFlow, manifest, asked).map((task) => task.path);

  it('has none of them unless one is asked for', () => {
    const steps = new Set(planRun(toyFlow, manifest, 'join').map(({ step }) => step.name));
    expect([...steps]).toEqual(['prepare', 'train', 'measure', 'join']);
  });

  it('has of what is asked for all it needs, its members, and of a join nothing that it joined', () => {
    expect(paths('again/three')).toEqual(['prepare', 'train/three', 'join', 'again/three']);
    expect(paths('again/both').filter((name) => name.startsWith('again'))).toEqual([
      ...['again/one', 'again/two', 'again/both'],
    ]);
    expect(paths('again/both').filter((name) => name.startsWith('measure'))).toEqual([]);
  });

  it('has nothing of what there is not', () => {
    expect(paths('again/none', 'other/one', 'train/one')).toEqual([]);
  });

  it('gives tasks the keys they have in a process of their own', () => {
    const whole = new Map(planRun(toyFlow, manifest, 'again').map(({ path: name, key }) => [name, key]));
    for (const task of planAsked(toyFlow, manifest, ['again/both']))
      expect(task.key).toBe(whole.get(task.path));
  });
});

describe('a run that is asked', () => {
  it('does that and nothing else, and stays as it was', async () => {
    const run = await finished(MODELS);
    const before = identities(run.stepFolder('join'));
    const { events, result } = ask(run, 'again/both');
    expect(await result).toEqual({ outcome: 'succeeded' });
    const ran = events.flatMap(({ step, event }) =>
      event.type === 'state' && event.state === 'succeeded' ? [step] : [],
    );
    expect(ran.toSorted()).toEqual(['again/both', 'again/one', 'again/two', 'driver']);
    expect(ran.indexOf('again/both')).toBe(2);
    expect(identities(run.stepFolder('join'))).toEqual(before);
    expect(run.driverState()).toMatchObject({ until: 'join', asked: ['again/both'], state: 'succeeded' });
    expect(askFor(run, toyFlow, ['again/both']).unfinished).toBe(0);
    expect(askFor(run, toyFlow, ['again/three']).unfinished).toBe(1);
    expect((await goOnWith(store, toyFlow, run, 'join')).unfinished).toBe(0);
  });

  it('tries no branch again that failed', async () => {
    const run = await finished([model('one', { fail: true }), model('two')]);
    expect(await ask(run, 'again/two').result).toEqual({ outcome: 'succeeded' });
    expect(run.stepState('train/one')).toMatchObject({ state: 'failed', attempt: 1 });
    expect(() => askFor(run, toyFlow, ['again/one'])).toThrow(
      `Step 'train/one' of run ${run.id} is not finished: told to fail`,
    );
  });

  it('has failed where a branch did, and goes on with that one alone', async () => {
    const pardon = path.join(folder, 'pardon');
    fs.writeFileSync(pardon, '');
    const run = await finished([model('one'), model('two', { fail: true, unless: pardon })]);
    fs.rmSync(pardon);
    const { outcome, failure } = await ask(run, 'again/one', 'again/two').result;
    expect(outcome).toBe('failed');
    expect(failure?.message).toBe('again/two: told to fail');
    expect([stateOf(run, 'again/one'), stateOf(run, 'again/two')]).toEqual(['succeeded', 'failed']);
    const { unfinished } = askFor(run, toyFlow, run.driverState()?.asked ?? []);
    expect(unfinished).toBe(1);
    fs.writeFileSync(pardon, '');
    const before = identities(run.stepFolder('again/one'));
    expect(await ask(run, 'again/one', 'again/two').result).toEqual({ outcome: 'succeeded' });
    expect(identities(run.stepFolder('again/one'))).toEqual(before);
  });

  it('is not to be asked before it is finished', async () => {
    const run = await toyRun(store, MODELS);
    await programs.drive(store, run, { until: 'train' }).result;
    expect(() => askFor(run, toyFlow, ['again/one'])).toThrow("Step 'join' of run");
  });
});
