import type { Services } from '../services.ts';
import { cleanUp } from './clean-up.ts';
import type { CommandHandlers } from './command-ids.ts';
import { chooseColumns, startOnFile, trySample } from './data-commands.ts';
import { findNeighbours } from './find-neighbours.ts';
import { editNote, editTags, renameRun, setStar } from './label-commands.ts';
import {
  cancelRun,
  continueRun,
  copyCommand,
  deleteRun,
  openArtifact,
  openCard,
  openLog,
  revealFolder,
  saveCard,
} from './run-commands.ts';
import { tuneFile, tuneRun } from './tune-commands.ts';

/** What each command does. */
export function commandHandlers(services: Services): CommandHandlers {
  return {
    'recsys.train': (argument) => startOnFile(services, 'run', argument),
    'recsys.trainFile': (argument) => startOnFile(services, 'run', argument),
    'recsys.prepare': (argument) => startOnFile(services, 'prepare', argument),
    'recsys.prepareFile': (argument) => startOnFile(services, 'prepare', argument),
    'recsys.chooseColumns': (argument) => chooseColumns(services, argument),
    'recsys.chooseColumnsFile': (argument) => chooseColumns(services, argument),
    'recsys.tune': (argument) => tuneFile(services, argument),
    'recsys.tuneFile': (argument) => tuneFile(services, argument),
    'recsys.tuneRun': (argument) => tuneRun(services, argument),
    'recsys.trySample': () => trySample(services),
    'recsys.trainRun': (argument) => continueRun(services, 'train', argument),
    'recsys.evaluate': (argument) => continueRun(services, 'evaluate', argument),
    'recsys.resume': (argument) => continueRun(services, 'resume', argument),
    'recsys.cancel': (argument) => cancelRun(services, argument),
    'recsys.openCard': (argument) => openCard(services, argument),
    'recsys.saveCard': (argument) => saveCard(services, argument),
    'recsys.openLog': (argument) => openLog(services, argument),
    'recsys.copyCommand': (argument) => copyCommand(services, argument),
    'recsys.revealFolder': (argument) => revealFolder(services, argument),
    'recsys.openArtifact': (argument) => openArtifact(argument),
    'recsys.star': (argument) => setStar(services, argument, true),
    'recsys.unstar': (argument) => setStar(services, argument, false),
    'recsys.tag': (argument) => editTags(services, argument),
    'recsys.note': (argument) => editNote(services, argument),
    'recsys.rename': (argument) => renameRun(services, argument),
    'recsys.delete': (argument) => deleteRun(services, argument),
    'recsys.cleanUp': () => cleanUp(services),
    'recsys.findNeighbours': (argument) => findNeighbours(services, argument),
    'recsys.refresh': async () => {
      await services.model.load();
    },
    'recsys.restartEngine': () => services.engine.restart(),
    'recsys.showOutput': () => services.log.show(),
  };
}
