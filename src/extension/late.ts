/**
 * What is loaded when it is first needed: schemas and JSON-RPC, two thirds of the code. The build makes a bundle of its
 * own of this file, so always write `await import('…/late.ts')`.
 */
export {
  CancellationTokenSource,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
  createMessageConnection,
} from 'vscode-jsonrpc/node';
export { FailureEvent } from '../protocol/events.ts';
export { STORE_CHANGED, engineMethods } from '../protocol/engine.ts';
export { cardPanel } from '../protocol/panels/card.ts';
export { KeptState } from '../protocol/panels/setup.ts';
export { PanelPageHost } from './panels/host.ts';
