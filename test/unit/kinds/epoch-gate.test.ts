import { describe, expect, test } from 'vitest';
import { allowEpoch, cancelAll, mayStart } from '../../../src/pipeline/kinds/prod2vec/epoch-gate.ts';
import { CONTROL } from '../../../src/pipeline/kinds/prod2vec/train-protocol.ts';

const controlOf = (allowed: number): Int32Array => {
  const control = new Int32Array(new SharedArrayBuffer(512));
  control[CONTROL.allowed] = allowed;
  return control;
};

/** A wait that something comes before, which nobody is there to be woken by: it may only pass if the value has changed. */
const after =
  (event: (control: Int32Array) => void) =>
  (control: Int32Array, index: number, expected: number): void => {
    event(control);
    if (Atomics.load(control, index) === expected) throw new Error('it would sleep for ever');
  };

const never = (): void => {
  throw new Error('it waits');
};

describe('the gate before an epoch', () => {
  test('is open for epochs that are allowed, and closed for all once training is cancelled', () => {
    const control = controlOf(2);
    expect([mayStart(control, 0, never), mayStart(control, 1, never)]).toEqual([true, true]);
    expect(() => mayStart(control, 2, never)).toThrow('it waits');
    cancelAll(control);
    expect([mayStart(control, 0, never), mayStart(control, 2, never)]).toEqual([false, false]);
  });

  test('a thread about to wait misses neither the next epoch nor the end', () => {
    expect(mayStart(controlOf(1), 1, after(allowEpoch))).toBe(true);
    expect(mayStart(controlOf(1), 1, after(cancelAll))).toBe(false);
  });
});
