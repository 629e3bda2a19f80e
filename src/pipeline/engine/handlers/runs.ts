import { cancelRun } from '../../flow/request-cancel.ts';
import { ownShell } from '../../own-shell.ts';
import { RunStore } from '../../store/run-store.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { cardData } from '../../views/card-data.ts';
import { commandOf } from '../../views/command-line.ts';
import { logText } from '../../views/log-text.ts';
import { LogPlaces, readLog, stepsOfLog } from '../../views/run-log.ts';
import { viewRun } from '../../views/view-run.ts';
import type { CardData } from '../../../protocol/run-view.ts';
import { failureInWindow, warningsInWindow } from '../../../protocol/text/window-hint.ts';
import type { EngineSite, Handlers } from './handler.ts';

export function runHandlers({ store: folder }: EngineSite): Handlers<'runs'> {
  const store = RunStore.open(folder);
  return {
    'run/view': ({ run }) => viewRun(store.resolve(run)),
    'run/card': ({ run, shell = ownShell() }) => toldInWindow(cardData(store, store.resolve(run), shell)),
    'run/log': ({ run: reference, step, from }) => {
      const run = store.resolve(reference);
      const part = readLog(run, stepsOfLog(run, step), placesOf(from));
      const { restarted, more, places } = part;
      return { text: logText(part), at: JSON.stringify(places), restarted, more };
    },
    'run/command': ({ run, shell = ownShell() }) => ({
      command: commandOf(store.resolve(run).manifest(), shell),
    }),
    'run/cancel': async ({ run }) => {
      await cancelRun(store, run);
      return {};
    },
    'run/delete': async ({ run }) => ({ trash: await store.throwAway(store.resolve(run)) }),
    'run/restore': async ({ run }) => {
      await store.restore(run);
      return {};
    },
    'run/label': async ({ run, change }) => {
      await store.changeLabels(store.resolve(run), change);
      return {};
    },
  };
}

/** A place that nobody gave is the beginning. @throws UserError when it is none that an answer gave */
function placesOf(from: string | undefined): LogPlaces {
  if (from === undefined) return {};
  try {
    return LogPlaces.parse(JSON.parse(from));
  } catch (error) {
    throw new UserError('This is no place in a log.', 'Read it from the beginning.', { cause: error });
  }
}

/** A card that is a file says what to do in a terminal; one in a window does not. */
function toldInWindow({ run, profile, report, ...card }: CardData): CardData {
  const steps = run.steps.map((step) => warningsInWindow(failureInWindow(step)));
  return {
    ...warningsInWindow(card),
    run: failureInWindow({ ...run, steps }),
    ...(profile === undefined ? {} : { profile: warningsInWindow(profile) }),
    ...(report === undefined ? {} : { report: warningsInWindow(report) }),
  };
}
