/** How far a deployment is: kept in its `state.json`, and told to whoever started it. */
import {
  type DeployEvent,
  type DeploymentState,
  type DeployStep,
  type DeployStepState,
} from '../../protocol/deployment.ts';
import type { DeploymentFolder } from './deployment-folder.ts';

const WRITE_EVERY_MS = 500;

type Told = Pick<DeployStepState, 'message' | 'done' | 'total'>;

export class DeployProgress {
  readonly #folder: DeploymentFolder;
  readonly #tell: (event: DeployEvent) => void;
  #state: DeploymentState;
  #written = -Infinity;
  /** Writes follow each other, so that the last one stays. */
  #writing: Promise<void> = Promise.resolve();

  constructor(
    folder: DeploymentFolder,
    state: Omit<DeploymentState, 'steps'>,
    tell: (event: DeployEvent) => void,
    steps: readonly DeployStep[],
  ) {
    this.#folder = folder;
    this.#tell = tell;
    this.#state = { ...state, steps: steps.map((name) => ({ name, state: 'waiting' })) };
  }

  get state(): DeploymentState {
    return this.#state;
  }

  /** Does a step; what it gives back as a message is what it found. */
  async step<T>(
    name: DeployStep,
    action: (tell: (told: Told) => void) => Promise<T>,
    found: (result: T) => string | undefined = () => undefined,
  ): Promise<T> {
    await this.#change(name, { state: 'running', started: new Date().toISOString() });
    const tell = (told: Told): void => this.#glimpse(name, told);
    try {
      const result = await action(tell);
      const message = found(result);
      await this.#change(name, {
        ...{ state: 'done', ended: new Date().toISOString() },
        ...(message === undefined ? {} : { message }),
      });
      return result;
    } catch (error) {
      await this.#change(name, { state: 'failed', ended: new Date().toISOString() });
      throw error;
    }
  }

  log(level: 'info' | 'warning', message: string): void {
    this.#tell({ type: 'log', t: Date.now(), level, message });
  }

  async end(state: DeploymentState['state'], failure?: DeploymentState['failure']): Promise<void> {
    this.#state = {
      ...this.#state,
      ...{ state, ended: new Date().toISOString() },
      ...(failure === undefined ? {} : { failure }),
    };
    await this.#write();
  }

  /** What passes by need not be on the disk each time. */
  #glimpse(name: DeployStep, told: Told): void {
    this.#set(name, told);
    if (Date.now() - this.#written < WRITE_EVERY_MS) return;
    this.#announce(name);
    void this.#write().catch(() => undefined);
  }

  async #change(name: DeployStep, change: Partial<DeployStepState>): Promise<void> {
    this.#set(name, change);
    this.#announce(name);
    await this.#write();
  }

  #set(name: DeployStep, change: Partial<DeployStepState>): void {
    const steps = this.#state.steps.map((step) => (step.name === name ? { ...step, ...change } : step));
    this.#state = { ...this.#state, steps };
  }

  #announce(name: DeployStep): void {
    const step = this.#state.steps.find((each) => each.name === name);
    if (step !== undefined) this.#tell({ ...step, type: 'step', t: Date.now() });
  }

  #write(): Promise<void> {
    this.#written = Date.now();
    const state = this.#state;
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#folder.writeState(state));
    return this.#writing;
  }
}
