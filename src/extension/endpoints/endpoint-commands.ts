/** What can be done with an endpoint. */
import * as vscode from 'vscode';
import type { Target } from '../commands/pick-run.ts';
import { pickRun } from '../commands/pick-run.ts';
import { EXAMPLE_BODY } from '../../protocol/text/curl.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { UserError } from '../../protocol/user-error.ts';
import { hasReport } from '../runs/run-facts.ts';
import type { Services } from '../services.ts';
import { copyRequest } from './copy-request.ts';
import { isLocal, type ShownEndpoint } from './endpoint-list.ts';
import { isEndpoint } from './is-endpoint.ts';
import { pickEndpoint, type EndpointQuestion } from './pick-endpoint.ts';

const served = <S extends ShownEndpoint>(
  title: string,
  suits: (shown: ShownEndpoint) => shown is S,
): EndpointQuestion<S> => ({ title, suits, none: nothingServed });

function nothingServed(): UserError {
  return new UserError(
    vscode.l10n.t('Nothing is served.'),
    vscode.l10n.t('Start with “RecSys: Serve Locally”.'),
  );
}

const answers = (shown: ShownEndpoint): shown is ShownEndpoint =>
  shown.endpoint.where === 'local' || shown.endpoint.state === 'inService';

export async function tryEndpoint(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, served(vscode.l10n.t('RecSys: Try Endpoint'), answers));
  if (shown !== undefined) await services.endpoints.tryIt(shown);
}

export async function copyEndpointCurl(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, served(vscode.l10n.t('RecSys: Copy as curl'), isLocal));
  if (shown !== undefined) await copyRequest(shown.endpoint, EXAMPLE_BODY);
}

export async function openEndpointPage(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, served(vscode.l10n.t('RecSys: Open API Page'), isLocal));
  if (shown !== undefined)
    await vscode.env.openExternal(vscode.Uri.parse(`${shown.endpoint.url}/docs`, true));
}

export async function stopEndpoint(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, served(vscode.l10n.t('RecSys: Stop Endpoint'), isLocal));
  if (shown === undefined) return;
  await shown.store.engine.request('endpoints/stop', { id: shown.id });
  await services.endpoints.list.look();
}

/** *Swap to This Run*: an endpoint of the run's store answers with its model from then on. */
export async function swapEndpoint(services: Services, target: Target): Promise<void> {
  const { stores, endpoints } = services;
  const title = vscode.l10n.t('RecSys: Swap to This Run');
  const run = await pickRun(
    stores,
    isEndpoint(target.argument) ? { argument: undefined, rows: [] } : target,
    { title, suits: hasReport },
  );
  if (run === undefined) return;
  const shown = await pickEndpoint(services, target, served(title, isLocal));
  if (shown === undefined) return;
  if (stores.of(run.folder) !== shown.store)
    throw new UserError(
      vscode.l10n.t('The endpoint and the run are of different folders.'),
      vscode.l10n.t('Serve the run by itself.'),
    );
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('RecSys: swapping {0}', escapeLinks(shown.endpoint.url)),
  };
  await vscode.window.withProgress(progress, () =>
    shown.store.engine.request('endpoints/swap', { id: shown.id, run: run.id }),
  );
  await endpoints.list.look();
}
