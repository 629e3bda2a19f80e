import { heldOutSentences } from '../../../protocol/held-out.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { Damage } from '../../store/damage.ts';
import { hasReport, readProfile } from '../../views/reports.ts';
import { countTestReads } from '../../views/test-reads.ts';
import { plainText } from '../../terminal/format.ts';
import { flowOf } from '../../flows/registry.ts';
import { ownShell } from '../../own-shell.ts';
import { sectionText } from '../../terminal/section-text.ts';
import { paint } from '../../terminal/terminal.ts';

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
  const isReported = damage.except(() => hasReport(run)) === true;
  return [
    ...(damage.except(() => heldOut(run)) ?? []),
    ...(isReported ? [] : (damage.except(() => reusedWarnings(run)) ?? [])),
    ...(damage.except(() => flowTexts(run, metrics)) ?? []),
    ...(isReported ? [testReads(store, run)] : []),
  ];
}

/** What its flow tells, or else the sections of its card as text. */
function flowTexts(run: RunFolder, metrics: readonly string[] | undefined): readonly string[] {
  const { views } = flowOf(run.manifest().flow);
  return (
    views.texts?.(run, metrics) ?? (views.card(run, ownShell()).sections ?? []).map((one) => sectionText(one))
  );
}
