/** How often the test part of some data was looked at: the more often, the less its figures prove. */
import type { KeptOutcome } from '../../protocol/run-outcome.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { TestReads } from '../../protocol/run-view.ts';
import { planRun } from '../flow/plan.ts';
import { flowOf } from '../flows/registry.ts';
import { hashValue } from '../store/file-hash.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { Damage } from '../store/damage.ts';

/** Splits whose test part is the same whatever the seed. */
const UNSEEDED = ['leave-one-out', 'time', 'column'];

/** Equal for runs that have the same test part: the same data and spec, and the same seed where that decides the split. */
function testIdentity({ data, spec, parameters }: RunManifest): string {
  const seeded = spec.sample < 1 || !UNSEEDED.includes(spec.split.by);
  const { bytes, schemaHash, contentHash } = data;
  return hashValue({ bytes, schemaHash, contentHash, spec, seed: seeded ? (parameters['seed'] ?? 0) : null });
}

/** Evaluations of the test part in a run, each by the run that made it. */
function readsOf(run: RunFolder, manifest: RunManifest): { run: string; path: string }[] {
  const flow = flowOf(manifest.flow);
  const { step } = flow.shows.test;
  return planRun(flow, manifest, step).flatMap((task) => {
    const state = task.step.name === step ? run.stepState(task.path) : undefined;
    return state?.state === 'succeeded' ? [{ run: state.run, path: task.path }] : [];
  });
}

/**
 * What a run looked at of the test part of its data.
 * @throws UserError when one of its files cannot be read
 */
export function testReadsOf(run: RunFolder): KeptOutcome['test'] {
  const manifest = run.manifest();
  return { identity: testIdentity(manifest), reads: readsOf(run, manifest) };
}

/** The same, from what its driver kept where it has ended; undefined where it cannot be read. */
function knownReadsOf(run: RunFolder): KeptOutcome['test'] | undefined {
  const damage = new Damage();
  const driver = damage.except(() => run.driverState());
  const kept = driver?.state === 'running' ? undefined : driver?.kept;
  return kept?.test ?? damage.except(() => testReadsOf(run));
}

/**
 * Counts the runs of a store, this one included, that evaluated models on the test part this run has, and the models.
 * Steps taken over from another run count once.
 */
export function countTestReads(store: RunStore, run: RunFolder): TestReads {
  const identity = testIdentity(run.manifest());
  const runs = new Set<string>();
  const models = new Set<string>();
  for (const id of store.runIds()) {
    // A run that cannot be read cannot be counted.
    const test = knownReadsOf(store.run(id));
    if (test?.identity !== identity) continue;
    for (const read of test.reads) {
      runs.add(read.run);
      models.add(`${read.run}/${read.path}`);
    }
  }
  return { runs: runs.size, models: models.size };
}
