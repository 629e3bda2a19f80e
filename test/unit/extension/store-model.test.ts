import { EventEmitter } from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreModel, type StoreEngine } from '../../../src/extension/runs/store-model.ts';
import type { EngineState } from '../../../src/extension/processes/engine-supervisor.ts';
import type { EngineParams } from '../../../src/protocol/engine.ts';
import type { RunRow, StoreChanges } from '../../../src/protocol/run-row.ts';
import { runRow, runView } from '../../vscode/suite/sample-views.ts';

/** An engine whose answers the test decides. */
class FakeStore {
  readonly #changed = new EventEmitter<void>();
  readonly asked: EngineParams<'store/view'>[] = [];
  readonly detailsAsked: string[] = [];
  answer: () => Promise<StoreChanges> = () => Promise.resolve(changes('1', true, []));
  readonly engine: StoreEngine = {
    onStoreChanged: this.#changed.event,
    onStateChanged: new EventEmitter<EngineState>().event,
    request: (method, params) => {
      if (method === 'run/view') this.detailsAsked.push('run' in params ? String(params.run) : '');
      else this.asked.push(params as EngineParams<'store/view'>);
      return (method === 'run/view' ? Promise.resolve(runView()) : this.answer()) as never;
    },
  };

  /** Tells of a change, as the engine does. */
  tell(): void {
    this.#changed.fire();
  }
}

function changes(revision: string, whole: boolean, changed: RunRow[], removed: string[] = []): StoreChanges {
  return { folder: '/s', exists: true, broken: [], bytes: 0, revision, whole, changed, removed };
}

const ids = (model: StoreModel): string[] => model.runs.map(({ id }) => id);

describe("the window's picture of a store", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes differences, and keeps the rows that did not change', async () => {
    const store = new FakeStore();
    const model = new StoreModel(store.engine);
    const [a, b] = [runRow({ id: 'a' }), runRow({ id: 'b' })];
    store.answer = () => Promise.resolve(changes('1', true, [a, b]));
    await model.load();
    expect(ids(model)).toEqual(['b', 'a']);
    store.answer = () => Promise.resolve(changes('2', false, [runRow({ id: 'c' })], ['b']));
    store.tell();
    await vi.advanceTimersByTimeAsync(200);
    expect(ids(model)).toEqual(['c', 'a']);
    expect(model.run('a')).toBe(a);
    expect(store.asked).toEqual([{ look: true }, { since: '1', look: false }]);
    // A new engine knows nothing of the revision and tells all.
    store.answer = () => Promise.resolve(changes('9', true, [a]));
    await model.load();
    expect(ids(model)).toEqual(['a']);
    model.dispose();
  });

  it('tells listeners of every answer, though changes never stop', async () => {
    const store = new FakeStore();
    const model = new StoreModel(store.engine);
    let revision = 0;
    let heard = 0;
    model.onDidChange(() => heard++);
    store.answer = () => {
      store.tell();
      void model.load();
      const row = runRow({ id: 'a', changed: ++revision });
      return new Promise((resolve) => setTimeout(() => resolve(changes(String(revision), false, [row])), 20));
    };
    void model.load();
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).toBeGreaterThan(20);
    expect(heard).toBeGreaterThanOrEqual(revision - 1);
    model.dispose();
  });

  it('says nothing where nothing is new', async () => {
    const store = new FakeStore();
    const model = new StoreModel(store.engine);
    let heard = 0;
    model.onDidChange(() => heard++);
    await model.load();
    store.answer = () => Promise.resolve(changes('1', false, []));
    await model.load();
    expect(heard).toBe(1);
    model.dispose();
  });

  it('has a call that comes while an answer is under way get the next one', async () => {
    const store = new FakeStore();
    const model = new StoreModel(store.engine);
    const answers: ((answer: StoreChanges) => void)[] = [];
    store.answer = () => new Promise((resolve) => answers.push(resolve));
    const first = model.load();
    const second = model.load();
    const third = model.load();
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.(changes('1', true, []));
    await first;
    await vi.advanceTimersByTimeAsync(0);
    expect(answers).toHaveLength(2);
    answers[1]?.(changes('2', false, [runRow({ id: 'new' })]));
    await Promise.all([second, third]);
    expect(ids(model)).toEqual(['new']);
    model.dispose();
  });

  it('keeps the last view when the engine fails', async () => {
    const store = new FakeStore();
    const model = new StoreModel(store.engine);
    store.answer = () => Promise.resolve(changes('1', true, [runRow({ id: 'a' })]));
    await model.load();
    store.answer = () => Promise.reject(new Error('down'));
    expect(await model.load()).toMatchObject({ kind: 'failed', message: 'down' });
    expect(ids(model)).toEqual(['a']);
    // The answer that nothing changed ends the failure.
    store.answer = () => Promise.resolve(changes('1', false, []));
    expect(await model.load()).toMatchObject({ kind: 'ready' });
    model.dispose();
  });

  it('asks for details once a change', async () => {
    const store = new FakeStore();
    const model = new StoreModel(store.engine);
    store.answer = () => Promise.resolve(changes('1', true, [runRow({ id: 'a', changed: 1 })]));
    await model.load();
    await Promise.all([model.details('a'), model.details('a')]);
    expect(store.detailsAsked).toEqual(['a']);
    store.answer = () => Promise.resolve(changes('2', false, [runRow({ id: 'a', changed: 2 })]));
    await model.load();
    await model.details('a');
    expect(store.detailsAsked).toEqual(['a', 'a']);
    model.dispose();
  });
});
