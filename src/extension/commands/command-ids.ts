import type { Target } from './pick-run.ts';

/** Every command of package.json; a handler is required for each by type, and a test compares this list with package.json. */
export const COMMAND_IDS = [
  'recsys.train',
  'recsys.trainFile',
  'recsys.trainWith',
  'recsys.trainWithFile',
  'recsys.prepare',
  'recsys.prepareFile',
  'recsys.chooseColumns',
  'recsys.chooseColumnsFile',
  'recsys.tune',
  'recsys.tuneFile',
  'recsys.tuneRun',
  'recsys.trySample',
  'recsys.trainRun',
  'recsys.evaluate',
  'recsys.resume',
  'recsys.cancel',
  'recsys.openCard',
  'recsys.openRow',
  'recsys.clickRun',
  'recsys.showRunning',
  'recsys.saveCard',
  'recsys.openLog',
  'recsys.copyCommand',
  'recsys.revealFolder',
  'recsys.openArtifact',
  'recsys.star',
  'recsys.unstar',
  'recsys.tag',
  'recsys.note',
  'recsys.rename',
  'recsys.delete',
  'recsys.cleanUp',
  'recsys.findNeighbours',
  'recsys.refresh',
  'recsys.restartEngine',
  'recsys.showOutput',
] as const;
export type CommandId = (typeof COMMAND_IDS)[number];

/** What may be done in a workspace that is not trusted: looking, nothing that starts a process on its files. */
export const VIEW_ONLY: ReadonlySet<CommandId> = new Set<CommandId>([
  'recsys.openCard',
  'recsys.openRow',
  'recsys.clickRun',
  'recsys.showRunning',
  'recsys.copyCommand',
  'recsys.revealFolder',
  'recsys.openArtifact',
  'recsys.refresh',
  'recsys.restartEngine',
  'recsys.showOutput',
]);

export type CommandHandler = (target: Target) => Promise<void> | void;
export type CommandHandlers = Readonly<Record<CommandId, CommandHandler>>;
