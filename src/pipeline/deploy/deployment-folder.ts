/** Where the store keeps what it knows of things at AWS: a folder an endpoint, and one for the predictions of a file. */
import * as fs from 'node:fs';
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { DeploymentState } from '../../protocol/deployment.ts';
import { writeJson } from '../store/atomic-file.ts';
import { isHeld, withFileLock } from '../store/file-lock.ts';
import { makeFolder } from '../store/make-folder.ts';
import { isAlive } from '../store/process-identity.ts';
import { readJson } from '../store/read-json.ts';
import { codeOf, storeError } from '../store/store-error.ts';
import { Journal } from './journal.ts';
import { ledgerOf, type Ledger } from './ledger.ts';

/** What a folder's journal is about: an endpoint, or predictions by a batch transform. */
export type MadeFor = 'deployments' | 'predictions';

export function deploymentsFolder(storeFolder: string, made: MadeFor = 'deployments'): string {
  return path.join(storeFolder, made);
}

export class DeploymentFolder {
  readonly folder: string;
  /** Its name, or that of the predictions. */
  readonly endpoint: string;
  readonly made: MadeFor;
  readonly journal: Journal;

  constructor(storeFolder: string, endpoint: string, made: MadeFor = 'deployments') {
    this.folder = path.join(deploymentsFolder(storeFolder, made), endpoint);
    this.endpoint = endpoint;
    this.made = made;
    this.journal = new Journal(this.folder);
  }

  /** What it is about, in words. */
  get text(): string {
    return `${this.made === 'predictions' ? 'predictions' : 'endpoint'} ${this.endpoint}`;
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

  /** Whether another process deploys to it, predicts or takes it away. */
  get isHeld(): boolean {
    return isHeld(this.journal.file);
  }

  /** Predictions leave nothing to remember; to be called while the folder is locked. */
  async forgetEmpty(): Promise<void> {
    if (this.made === 'predictions' && this.ledger().pieces.size === 0) await this.remove();
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Whether a process deploys to it now. */
  get isBusy(): boolean {
    const state = this.state();
    return state?.state === 'running' && isAlive(state.process, Infinity);
  }
}

/** All endpoints that the store has a folder for, by name. */
export function deploymentFolders(storeFolder: string, made: MadeFor = 'deployments'): DeploymentFolder[] {
  try {
    return fs
      .readdirSync(deploymentsFolder(storeFolder, made), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => new DeploymentFolder(storeFolder, name, made))
      .sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw storeError(storeFolder, error);
  }
}

/** All that have a journal, be it of an endpoint or of predictions. */
export function journalFolders(storeFolder: string): DeploymentFolder[] {
  return [...deploymentFolders(storeFolder), ...deploymentFolders(storeFolder, 'predictions')];
}
