import { describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../src/protocol/run.ts';
import { isJoined, laterStep, needsOf, planRun, type Task } from '../../../src/pipeline/flow/plan.ts';
import { redoneFrom } from '../../../src/pipeline/flow/redo.ts';
import { TaskBoard } from '../../../src/pipeline/flow/task-board.ts';
import { atOnce, fitsAside, takesAll, threadsFor } from '../../../src/pipeline/flow/worker-budget.ts';
import { model, toyFlow } from '../support/toy-flow.ts';
import { toyManifest } from '../support/toy-store.ts';

const plan = (changes: Partial<RunManifest> = {}, flow = toyFlow, until = 'join'): Task[] =>
  planRun(flow, toyManifest(changes), until);
const paths = (tasks: readonly Task[]): string[] => tasks.map((task) => task.path);
const EVERYTHING = ['prepare', 'train/one', 'train/two', 'measure/one', 'measure/two', 'join'];

function changed(a: readonly Task[], b: readonly Task[]): string[] {
  const keys = new Map(a.map((task) => [task.path, task.key]));
  return paths(b.filter((task) => keys.get(task.path) !== task.key));
}

describe('a plan', () => {
  it('holds every step and branch up to the last one asked for', () => {
    expect(paths(plan())).toEqual(EVERYTHING);
    expect(paths(plan({}, toyFlow, 'train'))).toEqual(['prepare', 'train/one', 'train/two']);
    expect(laterStep(toyFlow, 'train', 'join')).toBe('join');
    expect(laterStep(toyFlow, 'train', 'prepare')).toBe('train');
    expect(laterStep(toyFlow, 'train', undefined)).toBe('train');
  });

  it('has keys that are the same for the same work, wherever and whenever it is done', () => {
    const here = plan();
    const data = {
      ...toyManifest().data,
      path: '/elsewhere',
      files: [{ path: '/elsewhere/x', bytes: 10, modified: 'now' }],
    };
    expect(
      changed(here, plan({ id: 'x', created: 'y', data, platform: 'z', until: 'prepare', given: ['a'] })),
    ).toEqual([]);
  });

  it.each<[string, Partial<RunManifest>, string[]]>([
    ['a parameter of the first step', { parameters: { a: 2, b: 1, c: 1 } }, EVERYTHING],
    ['a parameter of a foreach', { parameters: { a: 1, b: 2, c: 1 } }, EVERYTHING.slice(1)],
    ['a parameter of the join', { parameters: { a: 1, b: 1, c: 2 } }, ['join']],
    ['a parameter no step uses', { parameters: { a: 1, b: 1, c: 1, d: 7 } }, []],
    ['one branch', { models: [model('one'), model('two', { x: 1 })] }, ['train/two', 'measure/two', 'join']],
    [
      'one branch more',
      { models: [model('one'), model('two'), model('three')] },
      ['train/three', 'measure/three', 'join'],
    ],
    ['other content', { data: { ...toyManifest().data, contentHash: 'd' } }, EVERYTHING],
    ['another spec', { spec: { ...toyManifest().spec, minimumLength: 5 } }, EVERYTHING],
  ])('changes the keys that %s decides, and no others', (_, changes, expected) => {
    expect(changed(plan(), plan(changes)).sort()).toEqual([...expected].sort());
  });

  it('has a model that is made of others after these, but in a step that keeps them apart', () => {
    const models = [model('one'), model('two'), { ...model('both'), members: ['one', 'two'] }];
    const apart = {
      ...toyFlow,
      steps: toyFlow.steps.map((step) =>
        step.name === 'measure' ? { ...step, apart: true as const } : step,
      ),
    };
    const needsOfBoth = (flow: typeof toyFlow): string[] => {
      const tasks = plan({ models }, flow);
      const measured = tasks.find(({ path }) => path === 'measure/both');
      return measured === undefined ? [] : paths(needsOf(measured, tasks));
    };
    expect(needsOfBoth(toyFlow)).toEqual(['prepare', 'train/both', 'measure/one', 'measure/two']);
    expect(needsOfBoth(apart)).toEqual(['prepare', 'train/both']);
  });

  it('changes the keys of the branches of a kind with a new version, and of what needs them', () => {
    const steps = toyFlow.steps.map((step) =>
      step.name === 'train' ? { ...step, branchVersion: ({ name }: { name: string }) => name } : step,
    );
    const renewed = steps.map((step) =>
      step.name === 'train'
        ? { ...step, branchVersion: ({ name }: { name: string }) => (name === 'two' ? 'new' : name) }
        : step,
    );
    expect(changed(plan({}, { ...toyFlow, steps }), plan({}, { ...toyFlow, steps: renewed }))).toEqual([
      ...['train/two', 'measure/two', 'join'],
    ]);
  });

  it('knows no column of a split that does not read it', () => {
    const { spec } = toyManifest();
    const stale = { ...spec, split: { ...spec.split, column: 'part' } };
    expect(changed(plan({ spec }), plan({ spec: stale }))).toEqual([]);
    const by = (column: string): Partial<RunManifest> => ({
      spec: { ...spec, split: { ...spec.split, by: 'column', column } },
    });
    expect(changed(plan(by('a')), plan(by('b')))).toEqual(EVERYTHING);
  });

  it('shares the keys of what any run may reuse with other flows, and no others', () => {
    expect(changed(plan(), plan({}, { ...toyFlow, name: 'other' }))).toEqual(EVERYTHING.slice(1));
  });

  it('changes the keys of a step, and of all after it, with the version of its code', () => {
    const steps = toyFlow.steps.map((step) => (step.name === 'measure' ? { ...step, version: '2' } : step));
    expect(changed(plan(), plan({}, { ...toyFlow, steps }))).toEqual(['measure/one', 'measure/two', 'join']);
  });

  it.each([
    ['prepare', EVERYTHING],
    ['train', EVERYTHING.slice(1)],
    ['train/two', ['train/two', 'measure/two', 'join']],
    ['join', ['join']],
    [undefined, []],
  ])('is done anew from %s', (from, expected) => {
    expect(paths(plan().filter(redoneFrom(toyFlow, from)))).toEqual(expected);
  });
});

describe('a foreach that joins another', () => {
  const places = ['first', 'second'].map((name) => model(name));
  const flow = {
    ...toyFlow,
    steps: toyFlow.steps.map((step) =>
      step.name === 'measure' ? { ...step, joins: ['train'], foreach: () => places } : step,
    ),
  };
  const tasks = plan({}, flow);
  const tasksOf = (step: string): Task[] => tasks.filter((task) => task.step.name === step);
  const [first] = tasksOf('measure');
  if (first === undefined) throw new Error('no branch');

  it('needs all branches of that one, whatever they are called', () => {
    expect(paths(needsOf(first, tasks))).toEqual(['prepare', 'train/one', 'train/two']);
    expect(needsOf(first, tasks).map((need) => isJoined(first, need))).toEqual([false, true, true]);
    const other = plan({ models: [model('one'), model('two', { x: 1 })] }, flow);
    expect(changed(tasks, other)).toEqual(['train/two', 'measure/first', 'measure/second', 'join']);
  });

  it('starts with what is left when branches of that one failed or were skipped', () => {
    const board = new TaskBoard(tasks);
    board.finish('prepare', 'succeeded');
    board.finish('train/one', 'succeeded');
    expect(paths(board.ready())).toEqual(['train/two']);
    board.finish('train/two', 'skipped');
    expect(paths(board.ready())).toEqual(['measure/first', 'measure/second']);
  });

  it('is done anew as a whole when one branch of that one is', () => {
    expect(paths(tasks.filter(redoneFrom(flow, 'train/two')))).toEqual([
      ...['train/two', 'measure/first', 'measure/second', 'join'],
    ]);
  });
});

describe('the task board', () => {
  const ready = (board: TaskBoard): string[] => paths(board.ready());
  const board = (): TaskBoard => new TaskBoard(plan());
  const none = (): undefined => undefined;

  it('lets a task start when all it needs is over', () => {
    const tasks = board();
    expect(ready(tasks)).toEqual(['prepare']);
    tasks.start('prepare');
    expect(ready(tasks)).toEqual([]);
    tasks.finish('prepare', 'succeeded');
    expect(ready(tasks)).toEqual(['train/one', 'train/two']);
    expect(tasks.ready().map((task) => tasks.demand(task).waiting)).toEqual([2, 2]);
    expect(tasks.ready().map((task) => tasks.demand(task).others)).toEqual([1, 1]);
    tasks.start('train/one');
    tasks.finish('train/one', 'succeeded');
    expect(ready(tasks)).toEqual(['train/two', 'measure/one']);
  });

  it('starts the heaviest first', () => {
    const steps = toyFlow.steps.map((step) => ({
      ...step,
      weight: (branch?: { name: string }) => (branch?.name === 'two' ? 9 : 1),
    }));
    const tasks = new TaskBoard(plan({}, { ...toyFlow, steps }));
    tasks.finish('prepare', 'succeeded');
    expect(ready(tasks)).toEqual(['train/two', 'train/one']);
  });

  it('knows what follows in the same branch', () => {
    const steps = toyFlow.steps.map((step) => ({ ...step, weight: () => (step.name === 'train' ? 10 : 4) }));
    const [prepare, train] = plan({}, { ...toyFlow, steps });
    if (prepare === undefined || train === undefined) throw new Error('no tasks');
    const tasks = new TaskBoard(plan({}, { ...toyFlow, steps }));
    expect([tasks.followUp(prepare), tasks.followUp(train)]).toEqual([0, 0.4]);
  });

  it('joins what is left when some branches failed', () => {
    const tasks = board();
    for (const path of ['prepare', 'train/one', 'measure/one']) tasks.finish(path, 'succeeded');
    expect(ready(tasks)).toEqual(['train/two']);
    tasks.finish('train/two', 'failed');
    expect(ready(tasks)).toEqual(['join']);
    tasks.finish('join', 'succeeded');
    expect(tasks.failure(none)).toBeUndefined();
  });

  it('skips the join when no branch is left, and names the first reason', () => {
    const tasks = board();
    tasks.finish('prepare', 'succeeded');
    tasks.finish('train/one', 'failed');
    tasks.finish('train/two', 'failed');
    expect(ready(tasks)).toEqual([]);
    const failure = tasks.failure((path) => ({ message: `${path} broke`, hint: 'mend it' }));
    expect(failure).toEqual({ message: 'train/one: train/one broke (and 1 more failed)', hint: 'mend it' });
  });

  it('skips all when the first step failed', () => {
    const tasks = board();
    tasks.finish('prepare', 'failed');
    expect(ready(tasks)).toEqual([]);
    expect(tasks.failure(none)?.message).toMatch(/^prepare: /);
  });
});

describe('the worker budget', () => {
  const [prepare, train] = plan();
  const threads = (
    task: Task | undefined,
    waiting: number,
    free: number,
    workers: number,
    asked = 0,
    followUp = 0,
  ): number => {
    if (task === undefined) throw new Error('no task');
    return threadsFor(task, { waiting, followUp, others: waiting - 1 }, free, workers, asked);
  };

  it.each([
    // others, free, workers → threads
    [0.5, 2, 2, 2],
    [0.5, 8, 8, 6],
    [0.5, 1, 2, 1],
    [3, 2, 2, 1],
  ])(
    'gives its share to what outweighs the others: %f, %i free of %i → %i',
    (others, free, workers, expected) => {
      if (train === undefined) throw new Error('no task');
      expect(threadsFor(train, { waiting: 4, followUp: 0.3, others }, free, workers, 0)).toBe(expected);
    },
  );

  it.each([
    // waiting, free, workers, follow-up → threads
    [3, 2, 2, 0.3, 1],
    [3, 2, 2, 0.2, 2],
    [5, 4, 4, 0.3, 4],
    [9, 4, 4, 0.3, 1],
    [1, 2, 2, 5, 2],
  ])(
    'leaves cores to what follows: %i waiting, %i free of %i, follow-up %f → %i',
    (waiting, free, workers, follows, expected) => {
      expect(threads(train, waiting, free, workers, 0, follows)).toBe(expected);
    },
  );

  it.each([
    // running, heaviest, workers, processors → fits
    [[2], 60, 2, 2, true],
    [[2, 1], 60, 2, 2, false],
    [[1, 1], 60, 2, 2, false],
    [[2], 3, 2, 2, false],
    [[2], 60, 2, 8, false],
    [[6, 2], 60, 8, 8, true],
    [[2], 60, 4, 4, false],
  ])(
    'lets light work into the pauses of %j, which weigh %i, on %i of %i processors: %s',
    (running, heaviest, maxWorkers, processors, expected) => {
      if (prepare === undefined || train === undefined) throw new Error('no task');
      const tasks = running.map((own) => ({ threads: own, weight: heaviest, aside: false }));
      const crowd = { running: tasks, maxWorkers, processors };
      expect(fitsAside(train, crowd)).toBe(expected);
      expect(fitsAside(prepare, crowd)).toBe(false);
    },
  );

  it.each([
    // others, threads in use, workers, processors → takes all
    [0, [1], 2, 2, true],
    [0, [], 2, 2, true],
    [0, [2, 1], 8, 8, true],
    [0, [1, 1], 2, 2, false],
    [0, [2], 2, 2, false],
    [0.5, [1], 2, 2, false],
    [0, [1], 2, 4, false],
  ])(
    'gives all threads to what all else waits for: %f others, %j of %i in use, %i processors → %j',
    (others, used, maxWorkers, processors, expected) => {
      if (train === undefined || prepare === undefined) throw new Error('no task');
      const aside = { threads: 1, weight: 1, aside: true };
      const running = [...used.map((n) => ({ threads: n, weight: 1, aside: false })), aside];
      const crowd = { running, maxWorkers, processors };
      expect(takesAll(train, { others }, crowd)).toBe(expected);
      expect(takesAll(prepare, { others }, crowd)).toBe(false);
    },
  );

  it.each([
    // branches, threads, workers, processors → at once
    [5, 2, 2, 2, 2],
    [5, 1, 2, 2, 2],
    [1, 2, 2, 2, 1],
    [5, 2, 2, 8, 1],
    [9, 3, 8, 8, 4],
  ])(
    'shares memory out: %i branches of %i threads on %i of %i → %i',
    (...[branches, threads, workers, processors, most]) =>
      expect(atOnce(branches, threads, workers, processors)).toBe(most),
  );

  it('gives one thread to what cannot use more', () => {
    expect(threads(prepare, 0, 8, 8, 4)).toBe(1);
  });

  it.each([
    // waiting, free, workers, asked → threads
    [3, 2, 2, 0, 2],
    [2, 2, 2, 0, 1],
    [1, 2, 2, 0, 2],
    [3, 8, 8, 0, 2],
    [1, 8, 8, 0, 8],
    [5, 4, 4, 0, 4],
    [3, 1, 2, 0, 1],
    [3, 4, 4, 3, 3],
    [3, 2, 2, 9, 2],
  ])(
    'shares out: %i waiting, %i free of %i, %i asked for → %i',
    (waiting, free, workers, asked, expected) => {
      expect(threads(train, waiting, free, workers, asked)).toBe(expected);
    },
  );
});
