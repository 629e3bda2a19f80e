import type { HeldOut } from '../../protocol/held-out.ts';
import type { RunView, TestReads } from '../../protocol/run-view.ts';
import { flowOf } from '../flows/registry.ts';
import { Damage } from '../store/damage.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { hasReport, readProfile } from './reports.ts';
import { countTestReads } from './test-reads.ts';
import { viewRun } from './view-run.ts';

/** What `recsys show <run> --json` prints, besides what the run's flow adds. */
export interface ShownRun {
  readonly run: string;
  readonly flow: string;
  readonly state: RunView['state'];
  readonly parameters: RunView['manifest']['parameters'];
  readonly best: string | null;
  readonly bestEmbedding: string | null;
  /** Models that were trained on all rows too, for use. */
  readonly everything: readonly string[];
  /** How far the held-out parts are held out; null before the data are prepared, or where nothing was looked for. */
  readonly heldOut: HeldOut | null;
  /** Runs of the store that evaluated models on this run's test part, and how many models; null before the report. */
  readonly testReads: TestReads | null;
  /** What of its files cannot be read, and why. */
  readonly damage: RunView['damage'];
  readonly steps: RunView['steps'];
}

export function showRun(store: RunStore, run: RunFolder): ShownRun {
  const view = viewRun(run);
  const damage = new Damage(view.damage);
  const own = damage.except(() => flowOf(view.manifest.flow).views.json(run));
  return {
    run: run.id,
    flow: view.manifest.flow,
    state: view.state,
    parameters: view.manifest.parameters,
    best: view.best ?? null,
    bestEmbedding: view.bestEmbedding ?? null,
    everything: view.everything ?? [],
    heldOut: damage.except(() => readProfile(run))?.heldOut ?? null,
    testReads: damage.except(() => hasReport(run)) === true ? countTestReads(store, run) : null,
    ...own,
    damage: damage.found,
    steps: view.steps,
  };
}
