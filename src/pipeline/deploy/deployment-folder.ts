/** Where the store keeps what it knows of endpoints at AWS: a folder an endpoint. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DeploymentState } from '../../protocol/deployment.ts';
import { writeJson } from '../store/atomic-file.ts';
import { withFileLock } from '../store/file-lock.ts';
import { makeFolder } from '../store/make-folder.ts';
import { isAlive } from '../store/process-identity.ts';
import { readJson } from '../store/read-json.ts';
import { codeOf, storeError } from '../store/store-error.ts';
import { Journal } from './journal.ts';
import { ledgerOf, type Ledger } from './ledger.ts';

export function deploymentsFolder(storeFolder: string): string {
  return path.join(storeFolder, 'deployments');
}

export class DeploymentFolder {
  readonly folder: string;
  readonly endpoint: string;
  readonly journal: Journal;

  constructor(storeFolder: string, endpoint: string) {
    this.folder = path.join(deploymentsFolder(storeFolder), endpoint);
    this.endpoint = endpoint;
    this.journal = new Journal(this.folder);
  }

  get stateFile(): string {
    return path.join(this.folder, 'state.json');
  }

  ledger(): Ledger {
    return ledgerOf(this.journal.entries());
  }

  /** The last deployment to this endpoint. @throws UserError where it is damaged */
  state(): DeploymentState | undefined {
    return readJson(
      this.stateFile,
      DeploymentState,
      'Delete the file: the journal beside it tells what there is.',
    );
  }

  async writeState(state: DeploymentState): Promise<void> {
    makeFolder(this.folder);
    await writeJson(this.stateFile, state);
  }

  /**
   * Does something while no other process deploys to this endpoint or takes it away.
   * @throws UserError when another one does
   */
  async alone<T>(action: () => Promise<T>): Promise<T> {
    try {
      makeFolder(this.folder);
    } catch (error) {
      throw storeError(this.folder, error);
    }
    return withFileLock(this.journal.file, action);
  }

  /** Whether a process deploys to it now. */
  get isBusy(): boolean {
    const state = this.state();
    return state?.state === 'running' && isAlive(state.process, Infinity);
  }
}

/** All endpoints that the store has a folder for, by name. */
export function deploymentFolders(storeFolder: string): DeploymentFolder[] {
  try {
    return fs
      .readdirSync(deploymentsFolder(storeFolder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => new DeploymentFolder(storeFolder, name))
      .sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw storeError(storeFolder, error);
  }
}
