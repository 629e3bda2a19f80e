import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CardFeature } from './card/feature.ts';
import { commandHandlers } from './commands/handlers.ts';
import { registerCommands } from './commands/register.ts';
import { panelWindow } from './panels/vscode-window.ts';
import { Engine } from './processes/engine.ts';
import { nodeRuntime } from './processes/node-runtime.ts';
import { putOnTerminalPath } from './processes/terminal-path.ts';
import { maintainContextKeys } from './runs/context-keys.ts';
import { RunLauncher } from './runs/run-launcher.ts';
import { RunLogs } from './runs/run-logs.ts';
import { RunProgress } from './runs/run-progress.ts';
import { RunStatusBar } from './runs/status-bar.ts';
import { RunTree } from './runs/run-tree.ts';
import { StoreModel } from './runs/store-model.ts';
import { noFolder, type Site } from './site.ts';
import { movedStore, readSettings, workspaceFolder } from './settings.ts';
import { showError } from './show-error.ts';

/** What tests may look at. */
export interface Api {
  readonly activationMilliseconds: number;
  readonly runs: RunTree;
}

/** Puts the parts together; none of them starts a process or reads a file before this has returned. */
export function activate(context: vscode.ExtensionContext): Api {
  const began = performance.now();
  const site = siteOf(context);
  const log = vscode.window.createOutputChannel('RecSys', { log: true });
  const engine = new Engine(() => engineSite(site()), log);
  const model = new StoreModel(engine);
  const progress = new RunProgress(model, { cancel: (run) => engine.request('run/cancel', { run }) });
  const launcher = new RunLauncher(site, model, progress, (context.storageUri ?? context.logUri).fsPath, log);
  const cards = new CardFeature(panelWindow(context.extensionUri, log), engine, model);
  const logs = new RunLogs(site);
  const runs = new RunTree(model);
  const handlers = commandHandlers({ context, log, site, engine, model, launcher, cards, logs });
  context.subscriptions.push(
    log,
    engine,
    model,
    cards,
    logs,
    runs,
    new RunStatusBar(model),
    maintainContextKeys(model),
    registerCommands(handlers, log),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('recsys')) return;
      engine.restart();
      updateTerminals(context, site, log);
    }),
  );
  afterActivation(context, site, model, log);
  return { activationMilliseconds: performance.now() - began, runs };
}

/** The folder, the settings and the Node.js of this moment. */
function siteOf(context: vscode.ExtensionContext): () => Site {
  const cli = path.join(context.extensionPath, 'dist', 'cli.mjs');
  return () => {
    const folder = workspaceFolder();
    if (folder === undefined) throw noFolder();
    const settings = readSettings(folder);
    return { folder, settings, runtime: nodeRuntime(cli, settings.nodePath) };
  };
}

function engineSite({ folder, settings, runtime }: Site) {
  return { runtime, folders: { store: settings.storeFolder, workspace: folder } };
}

/** Gives new terminals the `recsys` command as the settings are now. */
function updateTerminals(
  context: vscode.ExtensionContext,
  site: () => Site,
  log: vscode.LogOutputChannel,
): void {
  if (workspaceFolder() === undefined) return;
  const { folder, settings, runtime } = site();
  putOnTerminalPath(context, runtime, movedStore(folder, settings)).catch((error: unknown) =>
    showError(error, log),
  );
}

/** What can wait: the terminal's PATH, and runs that were going on before this window was opened. */
function afterActivation(
  context: vscode.ExtensionContext,
  site: () => Site,
  model: StoreModel,
  log: vscode.LogOutputChannel,
): void {
  if (workspaceFolder() === undefined) return;
  setImmediate(() => {
    updateTerminals(context, site, log);
    fs.access(site().settings.storeFolder).then(
      () => model.load(),
      () => log.debug('There is no run store yet.'),
    );
  });
}
