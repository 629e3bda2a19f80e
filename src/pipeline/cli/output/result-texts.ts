import { heldOutSentences } from '../../../protocol/held-out.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { Damage } from '../../views/damage.ts';
import { readProfile, readReport } from '../../views/reports.ts';
import { countTestReads } from '../../views/test-reads.ts';
import { viewTuning } from '../../views/tuning-view.ts';
import { plainText } from './format.ts';
import { metricsTable } from './metrics-table.ts';
import { paint } from './terminal.ts';
import { trialTable } from './trial-table.ts';

function testReads(store: RunStore, run: RunFolder): string {
  const { runs, models } = countTestReads(store, run);
  const others = runs === 1 ? 'this run only' : `${runs} runs of this store, this one included`;
  return paint.dim(`The test part was read by ${others} (${models} ${models === 1 ? 'model' : 'models'}).`);
}

/** How far the held-out parts are held out. */
function heldOut(run: RunFolder): string[] {
  const sentences = heldOutSentences(readProfile(run)?.heldOut ?? {});
  return sentences.length === 0 ? [] : [sentences.join('\n')];
}

/** What was said when the data were prepared, which a run that reuses them does not say by itself. */
function reusedWarnings(run: RunFolder): string[] {
  const prepared = run.stepState('prepare');
  if (prepared === undefined || prepared.run === run.id) return [];
  return (readProfile(run)?.warnings ?? []).map((warning) => paint.yellow(`! ${plainText(warning)}`));
}

/**
 * What a run found, part by part; nothing before there is something to show, or where it cannot be read, which the
 * run's view tells.
 * @param metrics columns of the table of metrics, where a person chose them
 */
export function resultTexts(store: RunStore, run: RunFolder, metrics?: readonly string[]): string[] {
  const damage = new Damage();
  const tuning = damage.except(() => viewTuning(run));
  const report = damage.except(() => readReport(run));
  return [
    ...(tuning === undefined ? [] : [trialTable(tuning)]),
    ...(damage.except(() => heldOut(run)) ?? []),
    ...(report === undefined ? (damage.except(() => reusedWarnings(run)) ?? []) : []),
    ...(report === undefined ? [] : [metricsTable(report, metrics), testReads(store, run)]),
  ];
}
