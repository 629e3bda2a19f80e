/** What can be done with an endpoint. */
import * as vscode from 'vscode';
import type { Target } from '../commands/pick-run.ts';
import { pickRun } from '../commands/pick-run.ts';
import { EXAMPLE_BODY } from '../../protocol/text/curl.ts';
import { escapeIcons, escapeLinks } from '../../protocol/text/escape.ts';
import { UserError } from '../../protocol/user-error.ts';
import { hasReport } from '../runs/run-facts.ts';
import type { Services } from '../services.ts';
import { copyRequest } from './copy-request.ts';
import { isLocal, type ShownEndpoint } from './endpoint-list.ts';
import { isEndpoint } from './is-endpoint.ts';

/** The endpoint of a row, asked for where none is named. */
async function pickEndpoint<S extends ShownEndpoint>(
  { endpoints }: Services,
  { argument }: Target,
  title: string,
  suits: (shown: ShownEndpoint) => shown is S,
): Promise<S | undefined> {
  if (isEndpoint(argument) && suits(argument)) return argument;
  await endpoints.list.look();
  const suiting = endpoints.list.all.filter(suits);
  const [first, ...others] = suiting;
  if (first === undefined)
    throw new UserError(
      vscode.l10n.t('Nothing is served.'),
      vscode.l10n.t('Start with “RecSys: Serve Locally”.'),
    );
  if (others.length === 0) return first;
  const items = suiting.map((shown) => ({ ...wordsOf(shown), shown }));
  return (await vscode.window.showQuickPick(items, { title }))?.shown;
}

function wordsOf({ endpoint }: ShownEndpoint): { readonly label: string; readonly description: string } {
  return {
    label: endpoint.where === 'local' ? endpoint.url : escapeIcons(endpoint.name),
    description: escapeIcons(endpoint.answering?.model ?? ''),
  };
}

const answers = (shown: ShownEndpoint): shown is ShownEndpoint =>
  shown.endpoint.where === 'local' || shown.endpoint.state === 'inService';

export async function tryEndpoint(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Try Endpoint'), answers);
  if (shown !== undefined) await services.endpoints.tryIt(shown);
}

export async function copyEndpointCurl(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Copy as curl'), isLocal);
  if (shown !== undefined) await copyRequest(shown.endpoint, EXAMPLE_BODY);
}

export async function openEndpointPage(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Open API Page'), isLocal);
  if (shown !== undefined)
    await vscode.env.openExternal(vscode.Uri.parse(`${shown.endpoint.url}/docs`, true));
}

export async function stopEndpoint(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Stop Endpoint'), isLocal);
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
  const shown = await pickEndpoint(services, target, title, isLocal);
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
