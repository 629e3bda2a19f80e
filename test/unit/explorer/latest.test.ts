import { describe, expect, it, vi } from 'vitest';
import { RequestFailed } from '../../../webview-ui/kit/request-failed.ts';
import { Latest } from '../../../webview-ui/views/explorer/latest.ts';

/** Answers when it is told to. */
function asking() {
  const open = new Map<
    string,
    { resolve: (value: string) => void; reject: (error: Error) => void; signal: AbortSignal }
  >();
  const make = (question: string) => (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => open.set(question, { resolve, reject, signal }));
  return { open, make };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('the latest question', () => {
  it('is asked once, and gives up the one before', async () => {
    const changed = vi.fn();
    const latest = new Latest<string>(changed);
    const { open, make } = asking();
    latest.ask('a', make('a'));
    latest.ask('b', make('b'));
    latest.ask('b', () => Promise.reject(new Error('asked twice')));
    expect(open.get('a')?.signal.aborted).toBe(true);
    open.get('a')?.resolve('late');
    open.get('b')?.resolve('B');
    await settled();
    expect(latest.value).toBe('B');
    expect(latest.isWaiting).toBe(false);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('waits a little, so that questions in between are never asked', async () => {
    const latest = new Latest<string>(() => undefined);
    const { open, make } = asking();
    for (const question of ['a', 'b', 'c']) latest.ask(question, make(question), 5);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([...open.keys()]).toEqual(['c']);
  });

  it('shows the answer before while it waits, a failure when it fails, and can be asked again', async () => {
    const latest = new Latest<string>(() => undefined);
    const { open, make } = asking();
    latest.ask('a', make('a'));
    open.get('a')?.resolve('A');
    await settled();
    latest.ask('b', make('b'));
    expect([latest.value, latest.isWaiting]).toEqual(['A', true]);
    open.get('b')?.reject(new RequestFailed('no', 'do something'));
    await settled();
    expect([latest.value, latest.failure?.hint]).toEqual([undefined, 'do something']);
    latest.again();
    latest.ask('b', make('b'));
    open.get('b')?.resolve('B');
    await settled();
    expect([latest.value, latest.failure]).toEqual(['B', undefined]);
  });
});
