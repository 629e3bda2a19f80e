import type { LossEvent } from '../../protocol/events.ts';
import type { CardData } from '../../protocol/run-view.ts';
import type { Shell } from '../../protocol/shell-words.ts';
import { ownShell } from '../own-shell.ts';
import { ofLastAttempt, readEvents } from '../store/event-log.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { commandOf } from './command-line.ts';
import { Damage } from './damage.ts';
import { readProfile, readReport } from './reports.ts';
import { countTestReads } from './test-reads.ts';
import { viewTuning } from './tuning-view.ts';
import { viewRun } from './view-run.ts';

function lossesOf(run: RunFolder, step: string, started: string | undefined): LossEvent[] {
  return ofLastAttempt(readEvents(run.eventsFile(step)), started).flatMap(({ t: _, ...event }) =>
    event.type === 'loss' ? [event] : [],
  );
}

/**
 * All that the result card shows of a run, finished or not.
 * @param shell that commands are written for
 */
export function cardData(store: RunStore, run: RunFolder, shell: Shell = ownShell()): CardData {
  const view = viewRun(run);
  const damage = new Damage(view.damage);
  const profile = damage.except(() => readProfile(run));
  const report = damage.except(() => readReport(run));
  const tuning = damage.except(() => viewTuning(run, shell));
  const losses = Object.fromEntries(
    view.steps.flatMap((step) => {
      const points = damage.except(() => lossesOf(run, step.path, step.started)) ?? [];
      return points.length === 0 ? [] : [[step.path, points]];
    }),
  );
  return {
    run: view,
    ...(profile === undefined ? {} : { profile }),
    ...(report === undefined ? {} : { report }),
    ...(tuning === undefined ? {} : { tuning }),
    ...(report === undefined ? {} : { testReads: countTestReads(store, run) }),
    losses,
    command: commandOf(view.manifest, shell),
    warnings: [
      ...new Set([
        ...damage.found.map(({ message, hint = '' }) => `${message} ${hint}`.trim()),
        ...view.steps.flatMap((step) => step.warnings),
        ...(profile?.warnings ?? []),
        ...(report?.warnings ?? []),
      ]),
    ],
  };
}
