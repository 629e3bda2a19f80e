import * as fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../src/protocol/run.ts';
import type { StepState } from '../../../src/protocol/step.ts';
import { writeJson } from '../../../src/pipeline/store/atomic-file.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import type { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { countTestReads } from '../../../src/pipeline/views/test-reads.ts';
import { temporaryStore, toyManifest } from '../support/toy-store.ts';

let store: RunStore;
beforeEach(() => {
  const temporary = temporaryStore();
  store = temporary.store;
  return temporary.remove;
});

const KINDS = ['popularity', 'markov'] as const;

function newRun(changes: Partial<RunManifest> = {}): Promise<RunFolder> {
  const models = KINDS.map((name) => ({ name, kind: name, parameters: {}, given: [] }));
  const manifest = toyManifest({ flow: 'next-item', models, parameters: { seed: 1 }, ...changes });
  return store.createRun(manifest, { tags: [], starred: false });
}

async function evaluated(
  run: RunFolder,
  kind: (typeof KINDS)[number],
  { by = run, state = 'succeeded' }: { by?: RunFolder; state?: StepState['state'] } = {},
): Promise<void> {
  const step = `evaluate/${kind}`;
  fs.mkdirSync(run.stepFolder(step), { recursive: true });
  await writeJson(run.stateFile(step), {
    ...{ format: 1, run: by.id, path: step, key: 'k', attempt: 1, process: ownIdentity(), state },
    ...{ started: new Date().toISOString(), warnings: [], metrics: {}, artifacts: [] },
  });
}

async function reads(first: Partial<RunManifest>, second: Partial<RunManifest>): Promise<number> {
  const [one, two] = [await newRun(first), await newRun(second)];
  await evaluated(one, 'popularity');
  await evaluated(two, 'popularity');
  return countTestReads(store, one).runs;
}

describe('how often the test part was read', () => {
  it('counts runs and models of the same data and spec', async () => {
    const [one, two] = [await newRun(), await newRun()];
    expect(countTestReads(store, one)).toEqual({ runs: 0, models: 0 });
    for (const kind of KINDS) await evaluated(one, kind);
    await evaluated(two, 'markov');
    expect(countTestReads(store, one)).toEqual({ runs: 2, models: 3 });
    expect(countTestReads(store, two)).toEqual({ runs: 2, models: 3 });
  });

  it('counts what a run took over from another one once', async () => {
    const [one, two] = [await newRun(), await newRun()];
    await evaluated(one, 'popularity');
    await evaluated(two, 'popularity', { by: one });
    expect(countTestReads(store, two)).toEqual({ runs: 1, models: 1 });
  });

  it('counts no evaluation that did not come to its end, and no run that cannot be read', async () => {
    const [one, broken] = [await newRun(), await newRun()];
    await evaluated(one, 'popularity');
    await evaluated(one, 'markov', { state: 'failed' });
    await evaluated(broken, 'markov');
    fs.writeFileSync(broken.manifestFile, '{');
    expect(countTestReads(store, one)).toEqual({ runs: 1, models: 1 });
  });

  it('tells test parts apart: other content, another spec, another seed where the split is drawn', async () => {
    const { data, spec } = toyManifest();
    expect(await reads({}, { data: { ...data, path: 'elsewhere.csv' } })).toBe(2);
    expect(await reads({ parameters: { seed: 5 } }, { parameters: { seed: 6 } })).toBe(1);
    expect(
      await reads(
        { parameters: { seed: 7 } },
        { parameters: { seed: 7 }, spec: { ...spec, minimumLength: 9 } },
      ),
    ).toBe(1);
    expect(
      await reads({ data: { ...data, contentHash: 'a' } }, { data: { ...data, contentHash: 'b' } }),
    ).toBe(1);
  });

  it('does not tell seeds apart where the test part is the same for all of them', async () => {
    const spec = {
      ...toyManifest().spec,
      split: { by: 'leave-one-out' as const, ratios: [0.7, 0.2, 0.1] as [number, number, number] },
    };
    expect(await reads({ spec, parameters: { seed: 1 } }, { spec, parameters: { seed: 2 } })).toBe(2);
    const sampled = { ...spec, sample: 0.5 };
    expect(
      await reads({ spec: sampled, parameters: { seed: 1 } }, { spec: sampled, parameters: { seed: 2 } }),
    ).toBe(1);
  });
});
