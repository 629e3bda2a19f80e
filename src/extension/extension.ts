import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AnsweringModels } from './answering/answering-models.ts';
import { CardFeature } from './card/feature.ts';
import { commandHandlers } from './commands/handlers.ts';
import { registerCommands } from './commands/register.ts';
import { DeployFeature } from './deploy/feature.ts';
import { EndpointFeature } from './endpoints/feature.ts';
import { ExplorerFeature } from './explorer/feature.ts';
import { ListsInTheMaking } from './explorer/lists.ts';
import { HoverFeature } from './hover/feature.ts';
import { MapFeature } from './map/feature.ts';
import { panelWindow } from './panels/vscode-window.ts';
import { putOnTerminalPath } from './processes/terminal-path.ts';
import { maintainContextKeys } from './runs/context-keys.ts';
import { RunLauncher } from './runs/run-launcher.ts';
import { RunLogs } from './runs/run-logs.ts';
import { RunProgress } from './runs/run-progress.ts';
import { RunStatusBar } from './runs/status-bar.ts';
import { RunTree } from './runs/run-tree.ts';
import { Stores } from './runs/stores.ts';
import { showError } from './show-error.ts';
import { sitesOf } from './site.ts';

/** What tests may look at. */
export interface Api {
  readonly activationMilliseconds: number;
  readonly runs: RunTree;
  readonly hover: HoverFeature;
  readonly stores: Stores;
}

/** Puts the parts together; none of them starts a process or reads a file before this has returned. */
export function activate(context: vscode.ExtensionContext): Api {
  const began = performance.now();
  const cli = path.join(context.extensionPath, 'dist', 'cli.mjs');
  const log = vscode.window.createOutputChannel('RecSys', { log: true });
  const stores = new Stores(() => sitesOf(cli), log);
  const launches = (context.storageUri ?? context.logUri).fsPath;
  const launcher = new RunLauncher(new RunProgress(log), launches, log);
  const cards = new CardFeature(panelWindow(context.extensionUri, log), stores);
  const lists = new ListsInTheMaking();
  const maps = new MapFeature(panelWindow(context.extensionUri, log), stores, lists);
  const logs = new RunLogs(stores);
  const tree = new RunTree(stores);
  const answering = new AnsweringModels(stores, context.workspaceState);
  const hover = new HoverFeature({ stores, answering, log, commands: declaredCommands(context) });
  const explorers = new ExplorerFeature(panelWindow(context.extensionUri, log), stores, {
    answering,
    lists,
    maps,
  });
  const endpoints = new EndpointFeature(panelWindow(context.extensionUri, log), stores);
  const deployments = new DeployFeature({
    ...{ list: endpoints.list, stores, memento: context.workspaceState, log },
    tryIt: (shown) => endpoints.tryIt(shown),
  });
  const parts = {
    context,
    endpoints,
    deployments,
    log,
    stores,
    launcher,
    cards,
    explorers,
    maps,
    logs,
    tree,
    answering,
  };
  const handlers = commandHandlers(parts);
  context.subscriptions.push(
    ...[log, stores, cards, explorers, maps, deployments, endpoints, logs, tree, answering, hover],
    new RunStatusBar(stores),
    maintainContextKeys(stores, endpoints.list),
    registerCommands(handlers, () => tree.selection, log),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('recsys')) updateTerminals(context, stores, log);
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => updateTerminals(context, stores, log)),
  );
  setImmediate(() => afterActivation(context, stores, log));
  return { activationMilliseconds: performance.now() - began, runs: tree, hover, stores };
}

/** Links are shown of commands that there are. */
function declaredCommands({ extension }: vscode.ExtensionContext): ReadonlySet<string> {
  const { contributes } = extension.packageJSON as {
    contributes?: { commands?: readonly { command: string }[] };
  };
  return new Set(contributes?.commands?.map(({ command }) => command));
}

/** Gives new terminals the `recsys` command as the settings are now. */
function updateTerminals(
  context: vscode.ExtensionContext,
  stores: Stores,
  log: vscode.LogOutputChannel,
): void {
  const sites = stores.all.map(({ site }) => site);
  putOnTerminalPath(context, sites).catch((error: unknown) => showError(error, log));
}

/** What can wait: the terminal's PATH, and runs that were going on before this window was opened. */
function afterActivation(
  context: vscode.ExtensionContext,
  stores: Stores,
  log: vscode.LogOutputChannel,
): void {
  updateTerminals(context, stores, log);
  for (const { site, model } of stores.all)
    fs.access(site.settings.storeFolder).then(
      () => model.load(),
      () => log.debug(`There is no run store ${site.settings.storeFolder} yet.`),
    );
}
