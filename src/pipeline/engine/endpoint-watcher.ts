/** Sees when what the store tells of endpoints at AWS, of their removals and of predictions changes: files, and processes that end. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { questionsFolder } from '../deploy/asking/question-files.ts';
import { CHANGES, knownChanges } from '../deploy/change-record.ts';
import { knownPredictions, PREDICTIONS } from '../predict/prediction-record.ts';
import { recordFolder } from '../store/own-record.ts';
import { deploymentFolders, type DeploymentFolder } from '../deploy/deployment-folder.ts';

/** Between two looks at modified times. */
const LOOK_MS = 400;
/** Looks at files between two looks for processes that died. */
const LOOKS_A_ROUND = 5;

export interface EndpointWatch {
  /** Names the state that was seen last; undefined where there is nothing of endpoints. */
  readonly mark: string | undefined;
  dispose(): void;
}

/** Calls back after each change; what was there in the beginning is none. */
export function watchEndpoints(store: string, changed: () => void): EndpointWatch {
  const looks = new Looks(store);
  const began = Date.now();
  let count = 0;
  looks.isChanged();
  const timer = setInterval(() => {
    if (!looks.isChanged()) return;
    count++;
    changed();
  }, LOOK_MS);
  return {
    get mark() {
      return looks.isEmpty && count === 0 ? undefined : `${began}.${count}`;
    },
    dispose: () => clearInterval(timer),
  };
}

class Looks {
  readonly #store: string;
  #count = 0;
  #seen = '';
  #busy = '';

  constructor(store: string) {
    this.#store = store;
  }

  get isEmpty(): boolean {
    return this.#seen === '';
  }

  isChanged(): boolean {
    const before = `${this.#seen} ${this.#busy}`;
    this.#seen = [...filesOf(this.#store)].join(' ');
    if (this.#seen !== '' && this.#count++ % LOOKS_A_ROUND === 0) this.#busy = busyOf(this.#store);
    return `${this.#seen} ${this.#busy}` !== before;
  }
}

function* filesOf(store: string): Iterable<string> {
  yield* marksIn(questionsFolder(store));
  for (const kind of [PREDICTIONS, CHANGES]) yield* marksIn(recordFolder(store, kind));
  const folders = path.join(store, 'deployments');
  for (const name of namesIn(folders)) yield* marksIn(path.join(folders, name));
}

/** Each file with its modified time; one that is being written is told of when it has its name. */
function* marksIn(folder: string): Iterable<string> {
  for (const name of namesIn(folder)) {
    if (name.startsWith('.')) continue;
    const file = path.join(folder, name);
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined) yield `${file} ${stats.mtimeMs} ${stats.size}`;
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** What processes are at work on; what cannot be read is told as such by who lists it. */
function busyOf(store: string): string {
  try {
    const deploying = deploymentFolders(store).filter(isBusy);
    const followed = [...knownPredictions(store), ...knownChanges(store)];
    const atWork = followed.filter(({ state }) => state === 'running');
    return [...deploying.map(({ endpoint }) => endpoint), ...atWork.map(({ id }) => id)].join(' ');
  } catch {
    return '';
  }
}

function isBusy(folder: DeploymentFolder): boolean {
  try {
    return folder.isBusy;
  } catch {
    return false;
  }
}
