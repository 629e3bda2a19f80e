import type * as vscode from 'vscode';
import { UserError } from '../protocol/user-error.ts';
import type { CardPanels } from './cards/card-panels.ts';
import type { Engine } from './processes/engine.ts';
import type { NodeRuntime } from './processes/node-runtime.ts';
import type { RunLauncher } from './runs/run-launcher.ts';
import type { RunLogs } from './runs/run-logs.ts';
import type { StoreModel } from './runs/store-model.ts';
import type { Settings } from './settings.ts';

/** The parts of the extension, as commands get them. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly site: () => Site;
  readonly engine: Engine;
  readonly model: StoreModel;
  readonly launcher: RunLauncher;
  readonly cards: CardPanels;
  readonly logs: RunLogs;
}

/** Where this window works, by its folder and the settings as they are now. */
export interface Site {
  readonly folder: string;
  readonly settings: Settings;
  readonly runtime: NodeRuntime;
}

/** What is thrown where a command needs a folder and none is open. */
export function noFolder(): UserError {
  return new UserError(
    'No folder is open.',
    'Open the folder that holds your data; runs are kept beside it.',
  );
}
