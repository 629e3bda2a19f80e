import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineSupervisor, restartPause } from '../../../src/extension/processes/engine-supervisor.ts';
import type { EngineChild, EngineState } from '../../../src/extension/processes/engine-supervisor.ts';

/** An engine whose end and answers the test decides. */
class FakeEngine {
  die: (reason: string) => void = () => undefined;
  stopped = false;
  killed = false;
  /** How often it was asked what. */
  readonly asked: string[] = [];
  changed: () => void = () => undefined;
  answers = true;
  readonly child: EngineChild;

  constructor() {
    const ended = new Promise<string>((resolve) => (this.die = resolve));
    this.child = {
      entryOf: (method) => ({ timeOut: 15_000, cancellable: method !== 'run/delete' }),
      request: (method, _params, signal) => {
        this.asked.push(method);
        return this.#answer(signal, ended);
      },
      onStoreChanged: (listener) => (this.changed = listener),
      ended,
      stop: () => {
        this.stopped = true;
      },
      kill: () => {
        this.killed = true;
        this.die('signal SIGKILL');
      },
    };
  }

  #answer(signal: AbortSignal, ended: Promise<string>): Promise<never> {
    if (this.answers) return Promise.resolve({ command: 'recsys run' } as never);
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      void ended.then((reason) => reject(new Error(reason)));
    });
  }
}

function setUp({ answersLater = true } = {}) {
  const engines: FakeEngine[] = [];
  const states: EngineState[] = [];
  let changes = 0;
  const supervisor = new EngineSupervisor({
    start: () => {
      const engine = new FakeEngine();
      if (engines.length > 0) engine.answers = answersLater;
      engines.push(engine);
      return Promise.resolve(engine.child);
    },
    onStoreChanged: () => changes++,
    onStateChanged: (state) => states.push(state),
    log: () => undefined,
  });
  const ask = () => supervisor.request('run/command', { run: 'r' });
  return { engines, states, supervisor, ask, changes: () => changes };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('engine supervisor', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('starts at the first request, and once', async () => {
    const { engines, ask } = setUp();
    expect(engines).toHaveLength(0);
    await Promise.all([ask(), ask()]);
    expect(engines).toHaveLength(1);
  });

  it('pauses 1, 2, 4 … 30 seconds between restarts', () => {
    expect([0, 1, 2, 3, 4, 5, 9].map(restartPause)).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  });

  it('restarts a dead engine after the pause and says so', async () => {
    const { engines, states, ask } = setUp();
    await ask();
    engines[0]?.die('exit code 1');
    await settle();
    expect(states).toEqual([{ kind: 'down', reason: 'exit code 1', retryMs: 1000 }]);
    await expect(ask()).rejects.toThrow('The query engine has stopped: exit code 1');
    await vi.advanceTimersByTimeAsync(1000);
    expect(states.at(-1)).toEqual({ kind: 'up' });
    await expect(ask()).resolves.toEqual({ command: 'recsys run' });
    expect(engines).toHaveLength(2);
  });

  it('waits longer each time, and begins anew after a healthy minute', async () => {
    const { engines, states, ask } = setUp();
    await ask();
    engines[0]?.die('a');
    await vi.advanceTimersByTimeAsync(1000);
    engines[1]?.die('b');
    await settle();
    expect(states.at(-1)).toMatchObject({ retryMs: 2000 });
    await vi.advanceTimersByTimeAsync(2000 + 61_000);
    engines[2]?.die('c');
    await settle();
    expect(states.at(-1)).toMatchObject({ retryMs: 1000 });
  });

  it('kills an engine that hangs, tells who asked once, and asks again what else waited', async () => {
    const { engines, states, ask, supervisor } = setUp();
    await ask();
    const [first] = engines;
    if (first === undefined) throw new Error('no engine was started');
    first.answers = false;
    const hung = expect(ask()).rejects.toThrow('did not answer run/command within 20 s');
    await vi.advanceTimersByTimeAsync(10_000);
    const waits = supervisor.request('store/view', {});
    const changes = expect(supervisor.request('run/delete', { run: 'r' })).rejects.toThrow(
      'ended before it had answered run/delete',
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await hung;
    await changes;
    expect(first.killed).toBe(true);
    expect(states).toEqual([
      { kind: 'down', reason: 'it did not answer run/command in time', retryMs: 1000 },
    ]);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(waits).resolves.toBeDefined();
    expect(engines.map(({ asked }) => asked)).toEqual([
      ['run/command', 'run/command', 'store/view', 'run/delete'],
      ['store/view'],
    ]);
    expect(states.at(-1)).toEqual({ kind: 'up' });
  });

  it('asks again once only', async () => {
    const { engines, ask } = setUp({ answersLater: false });
    await ask();
    if (engines[0] !== undefined) engines[0].answers = false;
    const answer = expect(ask()).rejects.toThrow('ended before it had answered run/command');
    await settle();
    engines[0]?.die('signal SIGSEGV');
    await settle();
    await vi.advanceTimersByTimeAsync(999);
    expect(engines).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    engines[1]?.die('signal SIGSEGV');
    await answer;
    expect(engines).toHaveLength(2);
  });

  it('does not restart what was stopped on purpose', async () => {
    const { engines, states, supervisor, ask } = setUp();
    await ask();
    supervisor.dispose();
    await settle();
    expect(engines[0]?.stopped).toBe(true);
    engines[0]?.die('signal SIGTERM');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engines).toHaveLength(1);
    expect(states).toEqual([]);
  });

  it('passes on that the store changed', async () => {
    const { engines, ask, changes } = setUp();
    await ask();
    engines[0]?.changed();
    expect(changes()).toBe(1);
  });
});
