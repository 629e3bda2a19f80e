/** What an endpoint runs on, at the borders of what SageMaker takes. */
import { describe, expect, it } from 'vitest';
import {
  capacityOf,
  memoryNeeded,
  requireFittingAnswers,
  requireRegionToZero,
  type AskedCapacity,
} from '../../../src/pipeline/deploy/capacity.ts';
import { timeToLive } from '../../../src/pipeline/deploy/expiry.ts';
import { EXIT } from '../../../src/protocol/user-error.ts';

const MIB = 1 << 20;
const NOTHING: AskedCapacity = {
  ...{ memory: undefined, concurrency: undefined, instance: undefined, mostInstances: undefined },
};
const of = (asked: Partial<AskedCapacity>, bytes = MIB): unknown =>
  capacityOf({ ...NOTHING, ...asked }, bytes);
const usage = expect.objectContaining({ exitCode: EXIT.usage }) as unknown;
const refused = (action: () => unknown): unknown => {
  try {
    return ['no failure', action()];
  } catch (error) {
    return error;
  }
};

describe('memory', () => {
  it('is 512 MB and three times the model, in steps of 1024', () => {
    const border = (512 * MIB) / 3;
    expect(memoryNeeded(0)).toBe(1024);
    expect(memoryNeeded(Math.floor(border))).toBe(1024);
    expect(memoryNeeded(Math.ceil(border))).toBe(2048);
  });

  it('of a model that is too large is refused before anything is made, unless a person chooses it', () => {
    const most = ((6144 - 512) * MIB) / 3;
    expect(of({}, Math.floor(most))).toEqual({ type: 'serverless', memory: 6144, concurrency: 5 });
    expect(refused(() => of({}, Math.ceil(most)))).toMatchObject({
      message: expect.stringMatching(/too large for a serverless endpoint.*7168 MB/) as unknown,
      hint: expect.stringMatching(/--instance-type.*Nothing was made/) as unknown,
    });
    expect(of({ memory: 6144 }, 10 * most)).toMatchObject({ memory: 6144 });
    expect(of({ instance: 'ml.m5.large' }, 10 * most)).toMatchObject({ type: 'instances' });
  });

  it.each([0, 1000, 1023, 1025, 6145, 7168, -1024, NaN])('cannot be %d', (memory) => {
    expect(refused(() => of({ memory }))).toEqual(usage);
  });

  it.each([1024, 2048, 6144])('can be %d', (memory) => {
    expect(of({ memory })).toMatchObject({ memory });
  });
});

describe('concurrency', () => {
  it.each([1, 200])('can be %d', (concurrency) => {
    expect(of({ concurrency })).toMatchObject({ concurrency });
  });

  it.each([0, 201])('cannot be %d', (concurrency) => {
    expect(refused(() => of({ concurrency }))).toEqual(usage);
  });
});

describe('instances', () => {
  it('are one unless there may be more', () => {
    const instance = 'ml.t2.medium';
    expect(of({ instance })).toEqual({ type: 'instances', instance, count: 1, most: 1 });
    expect(of({ instance, mostInstances: 3 })).toMatchObject({ count: 1, most: 3 });
  });

  it.each(['m5.large', 'ml.m5', 'ml..large', 'ml.m5.large.extra', 'ML.m5.large', 'ml.m5.large '])(
    'are not called %j',
    (instance) => {
      expect(refused(() => of({ instance }))).toEqual(usage);
    },
  );

  it('scale to zero with so much memory for a copy as the model needs', () => {
    const instance = 'ml.m5.large';
    expect(of({ instance, toZero: true })).toEqual({ type: 'toZero', instance, most: 1, memory: 1024 });
    expect(of({ instance, toZero: true, mostInstances: 3 })).toMatchObject({ most: 3 });
  });

  it('that have no room for a copy are refused, where they are known', () => {
    const most = ((6144 - 512) * MIB) / 3;
    const instance = 'ml.m5.large';
    expect(of({ instance, toZero: true }, Math.floor(most))).toMatchObject({ memory: 6144 });
    expect(refused(() => of({ instance, toZero: true }, Math.ceil(most)))).toMatchObject({
      message: expect.stringMatching(/needs about 7168 MB of memory, which ml.m5.large has not/) as unknown,
      hint: expect.stringMatching(/larger --instance-type.*Nothing was made/) as unknown,
    });
    expect(of({ instance: 'ml.r5.large', toZero: true }, Math.ceil(most))).toMatchObject({ memory: 7168 });
  });

  it('scale to zero where SageMaker has inference components', () => {
    const capacity = capacityOf({ ...NOTHING, instance: 'ml.m5.large', toZero: true }, MIB);
    for (const region of ['cn-north-1', 'us-gov-west-1'])
      expect(refused(() => requireRegionToZero(capacity, region))).toEqual(usage);
    expect(() => requireRegionToZero(capacity, 'eu-central-1')).not.toThrow();
    expect(() => requireRegionToZero(capacityOf(NOTHING, MIB), 'cn-north-1')).not.toThrow();
  });

  it('and serverless endpoints have options of their own', () => {
    expect(refused(() => of({ mostInstances: 2 }))).toEqual(usage);
    expect(refused(() => of({ toZero: true }))).toEqual(usage);
    expect(refused(() => of({ instance: 'ml.m5.large', toZero: true, memory: 1024 }))).toEqual(usage);
    expect(refused(() => of({ instance: 'ml.m5.large', memory: 1024 }))).toEqual(usage);
    expect(refused(() => of({ instance: 'ml.m5.large', concurrency: 1 }))).toEqual(usage);
  });
});

it('an answer has 4 MB at most, of its names and what stands beside each', () => {
  const room = 4 * MIB - 100 * 32;
  expect(() => requireFittingAnswers(room, 100)).not.toThrow();
  expect(() => requireFittingAnswers(room + 1, 100)).toThrow('100 items');
});

describe('how long an endpoint stays', () => {
  it.each([
    ['1m', 60_000],
    ['30m', 30 * 60_000],
    ['8h', 8 * 3_600_000],
    ['2d', 48 * 3_600_000],
    ['never', undefined],
  ])('%s', (given, milliseconds) => {
    expect(timeToLive(given)).toBe(milliseconds);
  });

  it.each(['', '0h', '8', 'h', '8s', '-1h', '1.5h', '8 h', '8H', 'Never', '1e3h'])('%j is none', (given) => {
    expect(refused(() => timeToLive(given))).toEqual(usage);
  });
});
