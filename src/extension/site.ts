import * as vscode from 'vscode';
import { UserError } from '../protocol/user-error.ts';
import { nodeRuntime, type NodeRuntime } from './processes/node-runtime.ts';
import { readSettings, type Settings } from './settings.ts';

/** Where runs of a workspace folder live and are started, by the settings as they are now. */
export interface Site {
  /** As people know it. */
  readonly name: string;
  readonly folder: string;
  /** All folders whose runs lie in the same store, the one above first. */
  readonly folders: readonly string[];
  readonly settings: Settings;
  readonly runtime: NodeRuntime;
}

/** The sites of this window, one a store: of folders that a setting gives the same store, the first. */
export function sitesOf(cli: string): Site[] {
  const sites = new Map<string, Site>();
  for (const { name, uri } of vscode.workspace.workspaceFolders ?? []) {
    const settings = readSettings(uri);
    if (uri.scheme === 'untitled') continue;
    const first = sites.get(settings.storeFolder);
    const site = first ?? {
      name,
      folder: uri.fsPath,
      settings,
      runtime: nodeRuntime(cli, settings.nodePath),
    };
    sites.set(settings.storeFolder, { ...site, folders: [...(first?.folders ?? []), uri.fsPath] });
  }
  return [...sites.values()];
}

/** What is thrown where a command needs a folder and none is open. */
export function noFolder(): UserError {
  return new UserError(
    vscode.l10n.t('No folder is open.'),
    vscode.l10n.t('Open the folder that holds your data; runs are kept beside it.'),
  );
}
