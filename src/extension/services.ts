import type * as vscode from 'vscode';
import type { CardFeature } from './card/feature.ts';
import type { Engine } from './processes/engine.ts';
import type { RunLauncher } from './runs/run-launcher.ts';
import type { RunLogs } from './runs/run-logs.ts';
import type { StoreModel } from './runs/store-model.ts';
import type { Site } from './site.ts';

/** The parts of the extension, as commands get them. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly site: () => Site;
  readonly engine: Engine;
  readonly model: StoreModel;
  readonly launcher: RunLauncher;
  readonly cards: CardFeature;
  readonly logs: RunLogs;
}
