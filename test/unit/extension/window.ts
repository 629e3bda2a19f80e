/** A window of the stub with the parts of the extension that commands get. */
import * as vscode from 'vscode';
import { AnsweringModels } from '../../../src/extension/answering/answering-models.ts';
import { registerCommands } from '../../../src/extension/commands/register.ts';
import { commandHandlers } from '../../../src/extension/commands/handlers.ts';
import { DeployFeature } from '../../../src/extension/deploy/feature.ts';
import { EndpointList, type ShownEndpoint } from '../../../src/extension/endpoints/endpoint-list.ts';
import { StatusOfAws } from '../../../src/extension/endpoints/status-of-aws.ts';
import { RunLauncher } from '../../../src/extension/runs/run-launcher.ts';
import { RunLogs } from '../../../src/extension/runs/run-logs.ts';
import { RunProgress } from '../../../src/extension/runs/run-progress.ts';
import { RunTree } from '../../../src/extension/runs/run-tree.ts';
import { Stores } from '../../../src/extension/runs/stores.ts';
import { sitesOf } from '../../../src/extension/site.ts';
import { host } from './vscode-stub/host.ts';

export interface OpenedCard {
  readonly run: string;
  readonly title: string;
}

export function openWindow(...folders: readonly string[]) {
  host.openFolders(...folders);
  const log = logChannel();
  const stores = new Stores(() => sitesOf('/extension/dist/cli.mjs'), log);
  const launcher = new RunLauncher(new RunProgress(log), '/logs', log);
  const tree = new RunTree(stores);
  const opened: OpenedCard[] = [];
  const cards = { open: (run: string, title: string) => void opened.push({ run, title }) };
  const kept = new Map<string, unknown>();
  const memento = {
    keys: () => [...kept.keys()],
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
  const context = { extensionPath: '/extension', logUri: { fsPath: '/logs' } };
  const parts = { context, log, stores, launcher, cards, tree };
  const answering = new AnsweringModels(stores, memento);
  const list = new EndpointList(stores);
  const status = new StatusOfAws();
  const tried: ShownEndpoint[] = [];
  const tryIt = (shown: ShownEndpoint): void => void tried.push(shown);
  const endpoints = { list, status, tryIt };
  const deployments = new DeployFeature({ list, stores, memento, log, tryIt });
  const services = { ...parts, answering, endpoints, deployments, logs: new RunLogs(stores) };
  // The handlers use no more of the context and the cards than is there.
  const handlers = commandHandlers(services as unknown as Parameters<typeof commandHandlers>[0]);
  const registration = registerCommands(handlers, () => tree.selection, log);
  const dispose = (): void => {
    for (const part of [registration, deployments, status, list, tree, answering, stores]) part.dispose();
  };
  return { endpoints, tried, kept, stores, answering, launcher, tree, opened, log, dispose };
}

export type OpenedWindow = ReturnType<typeof openWindow>;

function logChannel(): vscode.LogOutputChannel {
  const write = (...words: readonly unknown[]): void => void host.logged.push(words.map(String).join(' '));
  const channel = { info: write, warn: write, error: write, debug: write };
  const show = (): void => void (host.isLogShown = true);
  return { ...channel, show } as unknown as vscode.LogOutputChannel;
}

/** Runs a command as a menu, a key or a link does. */
export function run(id: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}
