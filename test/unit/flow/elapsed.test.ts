import * as fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ProcessIdentity, StepState } from '../../../src/protocol/step.ts';
import { secondsInUse } from '../../../src/pipeline/flow/elapsed.ts';
import { writeJson } from '../../../src/pipeline/store/atomic-file.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { temporaryStore, toyRun } from '../support/toy-store.ts';

let run: RunFolder;
beforeEach(async () => {
  const { store, remove } = temporaryStore();
  run = await toyRun(store);
  return remove;
});

const at = (second: number): string => new Date(Date.UTC(2026, 10, 22, 12, 0, second)).toISOString();
const GONE: ProcessIdentity = { ...ownIdentity(), pid: 2 ** 22 + 1 };

async function trial(name: string, from: string, to: string | undefined, process = GONE): Promise<void> {
  fs.mkdirSync(run.stepFolder(name), { recursive: true });
  const state: StepState = {
    ...{ format: 1, run: run.id, path: name, key: 'k', attempt: 1, process, started: from },
    ...(to === undefined ? {} : { finished: to }),
    ...{ state: to === undefined ? 'running' : 'succeeded', warnings: [], metrics: {}, artifacts: [] },
  };
  await writeJson(run.stateFile(name), state);
}
const used = (): number => secondsInUse(run, ['train/one', 'train/two', 'train/three']);

describe('the time that steps took', () => {
  it('is none before they begin', () => {
    expect(used()).toBe(0);
  });

  it('counts what ran side by side once, and no pauses', async () => {
    await trial('train/one', at(0), at(10));
    await trial('train/two', at(5), at(12));
    await trial('train/three', at(40), at(43));
    expect(used()).toBe(15);
  });

  it('counts a branch that lies within another one not at all', async () => {
    await trial('train/one', at(0), at(30));
    await trial('train/two', at(5), at(12));
    expect(used()).toBe(30);
  });

  it('goes to now for what runs, and to the last sign of life for what was killed', async () => {
    const began = new Date(Date.now() - 20_000).toISOString();
    await trial('train/one', began, undefined, ownIdentity());
    expect(used()).toBeGreaterThan(19);
    await trial('train/one', began, undefined);
    expect(used()).toBe(0);
    const events = run.eventsFile('train/one');
    fs.writeFileSync(events, '');
    fs.utimesSync(events, new Date(), new Date(Date.now() - 13_000));
    expect(used()).toBeCloseTo(7, 0);
  });
});
