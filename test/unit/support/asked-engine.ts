import { fork, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import {
  engineMethods,
  type EngineMethod,
  type EngineParams,
  type EngineReply,
} from '../../../src/protocol/engine.ts';
import { CLI } from './recsys-cli.ts';

/** An engine over the runs of a folder, as the window starts one. */
export class AskedEngine {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;

  constructor(folder: string) {
    const store = path.join(folder, '.recsys');
    const options = { cwd: folder, silent: true };
    this.process = fork(CLI, ['engine', '--store', store, '--workspace', folder], options);
    this.connection = createMessageConnection(
      new IPCMessageReader(this.process),
      new IPCMessageWriter(this.process),
    );
    this.connection.listen();
  }

  async ask<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineReply<M>> {
    const reply: unknown = await this.connection.sendRequest(method, params);
    return engineMethods[method].reply.parse(reply) as EngineReply<M>;
  }

  dispose(): void {
    this.connection.dispose();
    this.process.kill();
  }
}
