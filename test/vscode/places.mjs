// Folders that the VS Code tests use.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from '../vscode-host/places.mjs';

export { repository };
export const results = path.join(repository, 'test-results');

/** A new workspace with the sample data in it. */
export function newWorkspace(name, { rows = true } = {}) {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-workspace-')), name);
  fs.mkdirSync(folder);
  if (rows)
    fs.copyFileSync(
      path.join(repository, 'samples/playlists.parquet'),
      path.join(folder, 'playlists.parquet'),
    );
  return folder;
}

export function removeWorkspace(folder) {
  fs.rmSync(path.dirname(folder), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** `recsys …` in a workspace, as a person would type it. */
export function recsys(folder, ...args) {
  return execFileSync(process.execPath, [path.join(repository, 'dist/cli.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** All steps and branches of a run. */
export function stepsOf(folder, run) {
  return JSON.parse(recsys(folder, 'show', run, '--json')).steps;
}
