import { cancelRun } from '../../flow/request-cancel.ts';
import { ownShell } from '../../own-shell.ts';
import { RunStore } from '../../store/run-store.ts';
import { cardData } from '../../views/card-data.ts';
import { commandOf } from '../../views/command-line.ts';
import { viewRun } from '../../views/view-run.ts';
import type { EngineSite, Handlers } from './handler.ts';

export function runHandlers({ store: folder }: EngineSite): Handlers<'runs'> {
  const store = RunStore.open(folder);
  return {
    'run/view': ({ run }) => viewRun(store.resolve(run)),
    'run/card': ({ run, shell = ownShell() }) => cardData(store, store.resolve(run), shell),
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
