import type { LossEvent } from '../../protocol/events.ts';
import type { CardData } from '../../protocol/run-view.ts';
import type { Shell } from '../../protocol/text/shell-words.ts';
import { ownShell } from '../own-shell.ts';
import { ofLastAttempt, readEvents } from '../store/event-log.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { commandOf } from './command-line.ts';
import { Damage } from '../store/damage.ts';
import { hasReport, readProfile } from './reports.ts';
import { countTestReads } from './test-reads.ts';
import { flowOf } from '../flows/registry.ts';
import type { FlowCard } from '../flow/flow-views.ts';
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
  const { warnings, ...own } =
    damage.except(() => flowOf(view.manifest.flow).views.card(run, shell)) ?? ({} satisfies FlowCard);
  const losses = Object.fromEntries(
    view.steps.flatMap((step) => {
      const points = damage.except(() => lossesOf(run, step.path, step.started)) ?? [];
      return points.length === 0 ? [] : [[step.path, points]];
    }),
  );
  return {
    run: view,
    ...(profile === undefined ? {} : { profile }),
    ...own,
    ...(damage.except(() => hasReport(run)) === true ? { testReads: countTestReads(store, run) } : {}),
    losses,
    command: commandOf(view.manifest, shell),
    warnings: [
      ...new Set([
        ...damage.found.map(({ message, hint = '' }) => `${message} ${hint}`.trim()),
        ...view.steps.flatMap((step) => step.warnings),
        ...(profile?.warnings ?? []),
        ...(warnings ?? []),
      ]),
    ],
  };
}
