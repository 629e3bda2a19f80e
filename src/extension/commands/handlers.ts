import { chooseAnswering } from '../answering/choose-answering.ts';
import { endpointHandlers } from '../endpoints/endpoint-handlers.ts';
import { copyItem, findInData } from '../hover/item-commands.ts';
import { neighboursOfSelection, recommendFromSelection } from '../hover/selection-commands.ts';
import { predictFile } from '../predict/predict-file.ts';
import type { Services } from '../services.ts';
import { cleanUp } from './clean-up.ts';
import type { CommandHandlers } from './command-ids.ts';
import { chooseColumns, startOnFile, trainWith, trySample } from './data-commands.ts';
import { deleteRun } from './delete-runs.ts';
import { showEngineStatus } from './engine-status.ts';
import { exportModel } from '../export/export.ts';
import { findNeighbours } from './find-neighbours.ts';
import { editNote, editTags, renameRun, setStar } from './label-commands.ts';
import { openExplorer } from './open-explorer.ts';
import { openMap } from './open-map.ts';
import { openRow, RunClicks } from './open-row.ts';
import { runReferenceOf } from './pick-run.ts';
import {
  cancelRuns,
  continueRuns,
  copyCommand,
  openArtifact,
  openCards,
  openLog,
  revealFolder,
  saveCard,
} from './run-commands.ts';
import { trainOnEverything } from './train-on-everything.ts';
import { tuneFile, tuneRun } from './tune-commands.ts';

/** What each command does. */
export function commandHandlers(services: Services): CommandHandlers {
  const clicks = new RunClicks();
  return {
    'recsys.train': (target) => startOnFile(services, 'run', target),
    'recsys.trainFile': (target) => startOnFile(services, 'run', target),
    'recsys.trainWith': (target) => trainWith(services, target),
    'recsys.trainWithFile': (target) => trainWith(services, target),
    'recsys.prepare': (target) => startOnFile(services, 'prepare', target),
    'recsys.prepareFile': (target) => startOnFile(services, 'prepare', target),
    'recsys.chooseColumns': (target) => chooseColumns(services, target),
    'recsys.chooseColumnsFile': (target) => chooseColumns(services, target),
    'recsys.tune': (target) => tuneFile(services, target),
    'recsys.tuneFile': (target) => tuneFile(services, target),
    'recsys.tuneRun': (target) => tuneRun(services, target),
    'recsys.trySample': () => trySample(services),
    'recsys.trainRun': (target) => continueRuns(services, 'train', target),
    'recsys.evaluate': (target) => continueRuns(services, 'evaluate', target),
    'recsys.trainOnEverything': (target) => trainOnEverything(services, target),
    'recsys.resume': (target) => continueRuns(services, 'resume', target),
    'recsys.cancel': (target) => cancelRuns(services, target),
    'recsys.openCard': (target) => openCards(services, target),
    'recsys.openRow': (target) => openRow(services, target),
    'recsys.clickRun': (target) => clicks.click(services, target),
    'recsys.showRunning': ({ argument }) => services.tree.reveal(runReferenceOf(argument)),
    'recsys.saveCard': (target) => saveCard(services, target),
    'recsys.openLog': (target) => openLog(services, target),
    'recsys.copyCommand': (target) => copyCommand(services, target),
    'recsys.revealFolder': (target) => revealFolder(services, target),
    'recsys.openArtifact': (target) => openArtifact(target),
    'recsys.star': (target) => setStar(services, target, true),
    'recsys.unstar': (target) => setStar(services, target, false),
    'recsys.tag': (target) => editTags(services, target),
    'recsys.note': (target) => editNote(services, target),
    'recsys.rename': (target) => renameRun(services, target),
    'recsys.delete': (target) => deleteRun(services, target),
    'recsys.cleanUp': () => cleanUp(services),
    'recsys.findNeighbours': (target) => findNeighbours(services, target),
    'recsys.openExplorer': (target) => openExplorer(services, target),
    'recsys.openMap': (target) => openMap(services, target),
    'recsys.neighboursOfSelection': () => neighboursOfSelection(services),
    'recsys.recommendFromSelection': () => recommendFromSelection(services),
    'recsys.chooseAnsweringModel': () => chooseAnswering(services),
    'recsys.findInData': (target) => findInData(services, target),
    'recsys.copyItem': (target) => copyItem(target),
    'recsys.showEngineStatus': () => showEngineStatus(services),
    'recsys.export': (target) => exportModel(services, target),
    'recsys.predictFile': (target) => predictFile(services, target),
    ...endpointHandlers(services),
    'recsys.refresh': async () => {
      await services.stores.load();
    },
    'recsys.restartEngine': () => services.stores.restart(),
    'recsys.showOutput': () => services.log.show(),
  };
}
