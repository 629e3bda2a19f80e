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
export { FailureEvent, ProgressEvent } from '../protocol/events.ts';
export { ExportedEvent, ExportedModelEvent } from '../protocol/export.ts';
export { CostsReport } from '../protocol/costs.ts';
export { AwsProfiles, StatusReport } from '../protocol/aws.ts';
export { STORE_CHANGED, engineMethods } from '../protocol/engine.ts';
export { cardPanel } from '../protocol/panels/card.ts';
export { endpointPanel } from '../protocol/panels/endpoint.ts';
export { explorerPanel } from '../protocol/panels/explorer.ts';
export { mapPanel } from '../protocol/panels/map.ts';
export { KeptState } from '../protocol/panels/setup.ts';
export { specWords } from '../protocol/spec-words.ts';
export { PanelPageHost } from './panels/host.ts';
