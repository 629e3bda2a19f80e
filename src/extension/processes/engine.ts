import * as vscode from 'vscode';
import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import type { EngineState } from './engine-supervisor.ts';
import type { EngineFolders } from './engine-child.ts';
import { startEngine } from './engine-child.ts';
import { EngineSupervisor } from './engine-supervisor.ts';
import { Latencies, type Latency } from './latencies.ts';
import type { NodeRuntime } from './node-runtime.ts';

/** Where the engine of this window works; asked anew for each start, since settings may change. */
export interface EngineSite {
  readonly runtime: NodeRuntime;
  readonly folders: EngineFolders;
}

/** The query engine as the rest of the extension sees it: requests, and two events. */
export class Engine implements vscode.Disposable {
  readonly #storeChanged = new vscode.EventEmitter<void>();
  readonly #stateChanged = new vscode.EventEmitter<EngineState>();
  readonly #site: () => EngineSite;
  readonly #supervisor: EngineSupervisor;
  readonly #latencies = new Latencies();
  readonly onStoreChanged = this.#storeChanged.event;
  readonly onStateChanged = this.#stateChanged.event;

  constructor(site: () => EngineSite, log: vscode.LogOutputChannel) {
    this.#site = site;
    this.#supervisor = new EngineSupervisor({
      start: () => {
        const { runtime, folders } = site();
        return startEngine(runtime, folders, (line) => log.info(`[engine] ${line}`));
      },
      onStoreChanged: () => this.#storeChanged.fire(),
      onStateChanged: (state) => this.#stateChanged.fire(state),
      log: (line) => log.warn(line),
    });
  }

  async request<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal?: AbortSignal,
  ): Promise<EngineReply<M>> {
    // Without a folder there is nothing to start, and nothing to start again.
    this.#site();
    const began = performance.now();
    const reply = await this.#supervisor.request(method, params, signal);
    this.#latencies.add(method, performance.now() - began);
    return reply;
  }

  /** Of what was answered in this window. */
  get latencies(): readonly Latency[] {
    return this.#latencies.all;
  }

  get isStarted(): boolean {
    return this.latencies.length > 0;
  }

  restart(): void {
    this.#supervisor.restart();
  }

  dispose(): void {
    this.#supervisor.dispose();
    this.#storeChanged.dispose();
    this.#stateChanged.dispose();
  }
}
