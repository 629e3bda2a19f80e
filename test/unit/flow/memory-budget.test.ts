import * as os from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  defaultMemoryLimit,
  DRIVER_MIB,
  LEAST_RUN_MIB,
  machineMemory,
  memoryFor,
  MIB,
  PROCESS_MIB,
  requireMemory,
  stepsMemory,
} from '../../../src/pipeline/flow/memory-budget.ts';

afterEach(() => vi.restoreAllMocks());

describe('the memory there is', () => {
  const all = Math.floor(os.totalmem() / MIB);
  it.each([
    ['no limit is told', 0, all],
    ['the limit is beyond all memory', 2 ** 64, all],
    ['the container has less', 700 * MIB, Math.min(700, all)],
  ])('is the least of machine and container where %s', (_, constrained, expected) => {
    vi.spyOn(process, 'constrainedMemory').mockReturnValue(constrained);
    expect(machineMemory()).toBe(expected);
  });

  it('gives a run its share, never less than a run needs', () => {
    expect(defaultMemoryLimit(10_000)).toBe(6000);
    expect(defaultMemoryLimit(600)).toBe(LEAST_RUN_MIB);
  });
});

describe('the memory of a task', () => {
  it('is its fair share, or what it needs where that is more', () => {
    expect(memoryFor(100, 400, 800, true)).toBe(400);
    expect(memoryFor(600, 400, 800, true)).toBe(600);
    expect(memoryFor(300, 400, 350, false)).toBe(350);
  });

  it('is waited for while others have it, and all there is where none runs', () => {
    expect(memoryFor(500, 400, 300, false)).toBeUndefined();
    expect(memoryFor(500, 400, 300, true)).toBe(300);
  });

  it('leaves the driver its own', () => {
    expect(stepsMemory(LEAST_RUN_MIB)).toBe(LEAST_RUN_MIB - DRIVER_MIB);
  });
});

describe('a step that needs more than it may use', () => {
  const demand = { what: 'Training markov', bytes: 300 * MIB, advice: 'Or leave it out.' };

  it('is refused with the limit that would do', () => {
    const need = 300 + PROCESS_MIB;
    expect(() => requireMemory(demand, need)).not.toThrow();
    expect(() => requireMemory(demand, need - 1)).toThrow(
      `Training markov needs about ${need} MiB of memory, and ${need - 1} MiB are left for it`,
    );
    expect.assertions(3);
    try {
      requireMemory(demand, 200);
    } catch (error) {
      expect(error).toMatchObject({
        hint: `Run with --memory-limit ${need + DRIVER_MIB} or more. Or leave it out.`,
      });
    }
  });
});
