/**
 * A store reuses what was made under an equal key, and keys know the code by its versions alone. So results of every
 * step and model kind on small data are pinned beside the versions they had: code that gives others without a new
 * version fails here. `node scripts/pin-results.mjs` pins anew what has a new version.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import type { Task } from '../../../src/pipeline/flow/plan.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { nextItemFlow } from '../../../src/pipeline/flows/next-item/next-item-flow.ts';
import { tunableKinds } from '../../../src/pipeline/flows/tune/tune-parameters.ts';
import { tuneFlow } from '../../../src/pipeline/flows/tune/tune-flow.ts';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import {
  forgottenVersions,
  readPinned,
  writePinned,
  type Pinned,
  type PinnedResults,
} from '../support/pinned-file.ts';
import { askInProcess } from '../support/ask-in-process.ts';
import { resultDigest, versionsBehind } from '../support/result-digest.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { pinnedPlaylists } from '../support/tiny-data.ts';
import { temporaryStore } from '../support/toy-store.ts';

const PIN = process.env['RECSYS_PIN_RESULTS'] === '1';
const { store, folder, remove } = temporaryStore();
const data = path.join(folder, 'playlists.csv');
const bySequence: DatasetSpec = {
  ...{ format: 'csv', sequence: ['playlist'], item: ['artist', 'track'], order: ['position'] },
  ...{ user: 'user', group: 'artist', time: 'time', minimumLength: 3, sample: 1 },
  split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
};
const splitBy = (by: DatasetSpec['split']['by']): DatasetSpec => ({
  ...bySequence,
  split: { ...bySequence.split, by, ...(by === 'column' ? { column: 'part' } : {}) },
});
const DETERMINISTIC = { deterministic: true };

/** Trials enough for three rungs where a kind's training has a length. */
const TRIALS: Readonly<Record<string, number>> = { prod2vec: 9, 'recency-encoder': 3 };

interface Case {
  readonly title: string;
  readonly flow: FlowDefinition;
  readonly spec: DatasetSpec;
  readonly given: Readonly<Record<string, unknown>>;
  readonly until?: string;
  /** Tasks that run only when they are asked for. */
  readonly asked?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    ...{ title: 'by sequence', flow: nextItemFlow, spec: bySequence },
    given: { ...DETERMINISTIC, sets: '[{}]', models: modelKinds.map(({ name }) => name).join(',') },
  },
  {
    ...{ title: 'leave-one-out', flow: nextItemFlow, spec: splitBy('leave-one-out') },
    given: { ...DETERMINISTIC, models: 'sequential-item-knn,session-knn,popularity' },
  },
  {
    ...{ title: 'by column', flow: nextItemFlow, spec: splitBy('column'), asked: ['everything/stack'] },
    given: { ...DETERMINISTIC, models: 'recency-encoder,sequential-item-knn,n-gram,stack,popularity' },
  },
  ...(['time', 'user'] as const).map((by) => ({
    ...{ title: `by ${by}`, flow: nextItemFlow, spec: splitBy(by), given: {}, until: 'prepare' },
  })),
  ...tunableKinds.map(({ name }) => ({
    ...{ title: `tune ${name}`, flow: tuneFlow, spec: bySequence },
    given: { ...DETERMINISTIC, model: name, trials: TRIALS[name] ?? 2 },
  })),
];

/** Tasks under one name: of a run each for itself, of a tuning all trials of a step. */
function grouped(flow: FlowDefinition, tasks: readonly Task[]): Map<string, Task[]> {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    if (flow === tuneFlow && task.step.shared) continue;
    const name = flow === tuneFlow ? task.step.name : task.path;
    groups.set(name, [...(groups.get(name) ?? []), task]);
  }
  return groups;
}

async function resultsOf({ title, asked = [], ...run }: Case): Promise<[string, Pinned][]> {
  const ran = await runInProcess(store, { data, ...run });
  ran.tasks.push(...(await askInProcess(run.flow, ran.run, asked)));
  const results: [string, Pinned][] = [];
  for (const [name, tasks] of grouped(run.flow, ran.tasks)) {
    const digest = await resultDigest(ran.run, tasks);
    results.push([`${title}: ${name}`, { versions: versionsBehind(tasks, ran.tasks), digest }]);
  }
  return results;
}

let now: PinnedResults = {};
beforeAll(async () => {
  fs.writeFileSync(data, pinnedPlaylists());
  const results: [string, Pinned][] = [];
  for (const one of CASES) results.push(...(await resultsOf(one)));
  now = Object.fromEntries(results);
  if (PIN) writePinned(now);
}, 300_000);
afterAll(remove);

describe('pinned results', () => {
  it('changed with their versions only', () => {
    expect(forgottenVersions(readPinned(), now)).toEqual([]);
  });

  it('are those of the versions of now; pin them: node scripts/pin-results.mjs', () => {
    expect(readPinned()).toEqual(now);
  });

  it('hold every model kind, and every step of every flow', () => {
    const names = Object.keys(now);
    for (const { name } of modelKinds) expect(names).toContain(`by sequence: train/${name}`);
    for (const { steps, onDemand = [] } of [nextItemFlow, tuneFlow] as readonly FlowDefinition[])
      for (const { name } of [...steps, ...onDemand])
        expect(names.some((title) => title.includes(`: ${name}`))).toBe(true);
  });
});

describe('a new pin', () => {
  const file = path.join(folder, 'pinned.json');
  const one = { versions: 'train 1', digest: 'a' };

  it('is refused where the result changed and its versions did not', () => {
    writePinned({ x: one }, file);
    expect(() => writePinned({ x: { ...one, digest: 'b' } }, file)).toThrow(/raise the version/);
    expect(readPinned(file)).toEqual({ x: one });
  });

  it('is taken with a new version', () => {
    const other = { versions: 'train 2', digest: 'b' };
    writePinned({ x: other, y: one }, file);
    expect(readPinned(file)).toEqual({ x: other, y: one });
  });
});
