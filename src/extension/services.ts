import type * as vscode from 'vscode';
import type { AnsweringModels } from './answering/answering-models.ts';
import type { CardFeature } from './card/feature.ts';
import type { DeployFeature } from './deploy/feature.ts';
import type { EndpointFeature } from './endpoints/feature.ts';
import type { ExplorerFeature } from './explorer/feature.ts';
import type { MapFeature } from './map/feature.ts';
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
  readonly explorers: ExplorerFeature;
  readonly maps: MapFeature;
  readonly endpoints: EndpointFeature;
  readonly deployments: DeployFeature;
  readonly logs: RunLogs;
  readonly tree: RunTree;
  readonly answering: AnsweringModels;
}
