import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import { UserError, messageOf, remedyOf } from '../../protocol/user-error.ts';
import type * as LateModule from '../late.ts';
import type { EngineChild } from './engine-supervisor.ts';
import type { NodeRuntime } from './node-runtime.ts';

const POLITE_END_MS = 2_000;
/** An error of the pipeline is two lines: what happened, and what to do. */
const SHOWN_LINES = 2;

export interface EngineFolders {
  readonly store: string;
  readonly workspace: string;
  /** MiB that open models may take together. */
  readonly memory?: number;
}

function engineArguments({ store, workspace, memory }: EngineFolders): string[] {
  const ceiling = memory === undefined ? [] : ['--memory', String(memory)];
  return ['engine', '--store', store, '--workspace', workspace, ...ceiling];
}

/** Starts the query engine as a child process that speaks JSON-RPC over IPC. */
export async function startEngine(
  runtime: NodeRuntime,
  folders: EngineFolders,
  log: (line: string) => void,
): Promise<EngineChild> {
  const late = await import('../late.ts');
  const child = fork(runtime.cli, engineArguments(folders), {
    execPath: runtime.node,
    execArgv: [],
    env: runtime.environment,
    cwd: folders.workspace,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let lastWords = '';
  const hear = (chunk: Buffer): void => {
    lastWords = `${lastWords}${chunk.toString()}`.slice(-2_000);
    log(chunk.toString().trimEnd());
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const connection = late.createMessageConnection(
    new late.IPCMessageReader(child),
    new late.IPCMessageWriter(child),
  );
  connection.onError(([error]) => log(messageOf(error)));
  connection.listen();
  const ended = endOf(child, () => lastWords);
  // Disposing rejects the requests that will not be answered any more.
  void ended.then(() => connection.dispose());
  return {
    entryOf: (method) => late.engineMethods[method],
    request: (method, params, signal) => ask(late, connection, method, params, signal),
    onStoreChanged: (listener) => void connection.onNotification(late.STORE_CHANGED, listener),
    ended,
    stop: () => stop(child, connection),
    kill: () => void child.kill('SIGKILL'),
  };
}

type Late = typeof LateModule;

async function ask<M extends EngineMethod>(
  late: Late,
  connection: MessageConnection,
  method: M,
  params: EngineParams<M>,
  signal: AbortSignal,
): Promise<EngineReply<M>> {
  const cancellation = new late.CancellationTokenSource();
  const cancel = (): void => cancellation.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const reply: unknown = await connection.sendRequest(method, params, cancellation.token);
    return checkReply(late, method, reply);
  } catch (error) {
    throw userErrorOf(late, error);
  } finally {
    signal.removeEventListener('abort', cancel);
    cancellation.dispose();
  }
}

function checkReply<M extends EngineMethod>(late: Late, method: M, reply: unknown): EngineReply<M> {
  const checked = late.engineMethods[method].reply.safeParse(reply);
  if (checked.success) return checked.data as EngineReply<M>;
  const where = checked.error.issues[0];
  throw new UserError(
    `The query engine answered ${method} with data of an unknown form (${where?.path.join('.') ?? ''}: ${where?.message ?? ''}).`,
    'Reload the window; if it stays, the extension and its pipeline are of different versions: install RecSys again.',
  );
}

/** Errors meant for people travel with their hint in the `data` of the reply. */
function userErrorOf(late: Late, error: unknown): unknown {
  // What the engine did not refuse, but could not answer because it ended.
  if (!(error instanceof late.ResponseError) || error.code === late.ErrorCodes.PendingResponseRejected)
    return error;
  const data: unknown = error.data;
  const hint =
    typeof data === 'object' && data !== null && 'hint' in data && typeof data.hint === 'string'
      ? data.hint
      : '';
  const remedy =
    typeof data === 'object' && data !== null && 'remedy' in data ? remedyOf(data.remedy) : undefined;
  return new UserError(error.message, hint, { cause: error, remedy });
}

/** Why the process ended, in words. */
function endOf(child: ChildProcess, lastWords: () => string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`;
      const said = lastWords().trim().split('\n').slice(-SHOWN_LINES).join(' ');
      resolve(said === '' ? how : `${said} (${how})`);
    });
  });
}

/** Closing the channel tells the engine to end; a process that does not listen is ended. */
function stop(child: ChildProcess, connection: MessageConnection): void {
  connection.dispose();
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (child.connected) child.disconnect();
  const term = setTimeout(() => child.kill('SIGTERM'), POLITE_END_MS);
  const kill = setTimeout(() => child.kill('SIGKILL'), 2 * POLITE_END_MS);
  child.once('exit', () => {
    clearTimeout(term);
    clearTimeout(kill);
  });
  term.unref();
  kill.unref();
}
