import * as path from 'node:path';
import * as vscode from 'vscode';

export interface Settings {
  /** Absolute path of the run store. */
  readonly storeFolder: string;
  /** 0: as many as there are cores. */
  readonly maxWorkers: number;
  /** MiB; 0: chosen by the pipeline. */
  readonly memoryLimit: number;
  readonly nodePath: string;
  /** MiB that models open for questions may take together. */
  readonly engineMemory: number;
}

const DEFAULT_STORE = '.recsys';

/** The store's folder where a setting moved it, else undefined. */
export function movedStore(folder: string, { storeFolder }: Settings): string | undefined {
  return storeFolder === path.join(folder, DEFAULT_STORE) ? undefined : storeFolder;
}

/** Settings of a workspace folder as they are now. */
export function readSettings(folder: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration('recsys', folder);
  const storeFolder = configuration.get('storeFolder', '').trim();
  return {
    storeFolder: path.resolve(folder.fsPath, storeFolder === '' ? DEFAULT_STORE : storeFolder),
    maxWorkers: configuration.get('maxWorkers', 0),
    memoryLimit: configuration.get('memoryLimit', 0),
    nodePath: configuration.get('nodePath', '').trim(),
    engineMemory: Math.max(64, configuration.get('engineMemory', 2048)),
  };
}
