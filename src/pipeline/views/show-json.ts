import type { HeldOut } from '../../protocol/held-out.ts';
import type { EvaluationReport, ModelResult } from '../../protocol/report.ts';
import type { RunView, TestReads } from '../../protocol/run-view.ts';
import type { TuningView } from '../../protocol/tuning.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { Damage } from './damage.ts';
import { readProfile, readReport } from './reports.ts';
import { countTestReads } from './test-reads.ts';
import { viewTuning } from './tuning-view.ts';
import { viewRun } from './view-run.ts';

function flatten(results: Readonly<Record<string, ModelResult>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(results).map(([name, { metrics, ...rest }]) => [name, { ...metrics, ...rest }]),
  );
}

/** What `recsys show <run> --json` prints: every model's figures under both splits. */
export interface ShownRun {
  readonly run: string;
  readonly state: RunView['state'];
  readonly parameters: RunView['manifest']['parameters'];
  readonly best: string | null;
  readonly bestEmbedding: string | null;
  readonly metrics: { validation: Record<string, unknown>; test: Record<string, unknown> };
  /** How far the held-out parts are held out; null before the data are prepared, or where nothing was looked for. */
  readonly heldOut: HeldOut | null;
  readonly selection: EvaluationReport['selection'] | null;
  /** What the test part says by each metric, the selecting one first. */
  readonly verdicts: EvaluationReport['verdicts'];
  /** Runs of the store that evaluated models on this run's test part, and how many models; null before the report. */
  readonly testReads: TestReads | null;
  /** Of a run that searches parameters. */
  readonly tuning: TuningView | null;
  /** What of its files cannot be read, and why. */
  readonly damage: RunView['damage'];
  readonly steps: RunView['steps'];
}

export function showRun(store: RunStore, run: RunFolder): ShownRun {
  const view = viewRun(run);
  const damage = new Damage(view.damage);
  const report = damage.except(() => readReport(run));
  const tuning = damage.except(() => viewTuning(run)) ?? null;
  return {
    run: run.id,
    state: view.state,
    parameters: view.manifest.parameters,
    best: view.best ?? null,
    bestEmbedding: view.bestEmbedding ?? null,
    metrics: {
      validation: flatten(report?.metrics.validation ?? {}),
      test: flatten(report?.metrics.test ?? {}),
    },
    heldOut: damage.except(() => readProfile(run))?.heldOut ?? null,
    selection: report?.selection ?? null,
    verdicts: report?.verdicts ?? [],
    testReads: report === undefined ? null : countTestReads(store, run),
    tuning,
    damage: damage.found,
    steps: view.steps,
  };
}
