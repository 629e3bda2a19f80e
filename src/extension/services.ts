import type * as vscode from 'vscode';
import type { CardFeature } from './card/feature.ts';
import type { RunLauncher } from './runs/run-launcher.ts';
import type { RunLogs } from './runs/run-logs.ts';
import type { RunTree } from './runs/run-tree.ts';
import type { Stores } from './runs/stores.ts';

/** The parts of the extension, as commands get them. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly stores: Stores;
  readonly launcher: RunLauncher;
  readonly cards: CardFeature;
  readonly logs: RunLogs;
  readonly tree: RunTree;
}
