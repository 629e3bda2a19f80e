/** What can be done with an endpoint. */
import * as vscode from 'vscode';
import type { Target } from '../commands/pick-run.ts';
import { pickRun } from '../commands/pick-run.ts';
import { EXAMPLE_BODY } from '../../protocol/text/curl.ts';
import { escapeIcons, escapeLinks } from '../../protocol/text/escape.ts';
import { UserError } from '../../protocol/user-error.ts';
import { hasReport } from '../runs/run-facts.ts';
import type { Services } from '../services.ts';
import { copyCurl } from './copy-curl.ts';
import type { ShownEndpoint } from './endpoint-list.ts';

function isEndpoint(argument: unknown): argument is ShownEndpoint {
  return (
    typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'endpoint'
  );
}

/** The endpoint of a row, asked for where none is named. */
async function pickEndpoint(
  { endpoints }: Services,
  { argument }: Target,
  title: string,
): Promise<ShownEndpoint | undefined> {
  if (isEndpoint(argument)) return argument;
  await endpoints.list.look();
  const [first, ...others] = endpoints.list.all;
  if (first === undefined)
    throw new UserError(
      vscode.l10n.t('Nothing is served.'),
      vscode.l10n.t('Start with “RecSys: Serve Locally”.'),
    );
  if (others.length === 0) return first;
  const items = endpoints.list.all.map((shown) => ({
    label: shown.endpoint.url,
    description: escapeIcons(shown.endpoint.answering.model),
    shown,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.shown;
}

export async function tryEndpoint(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Try Endpoint'));
  if (shown !== undefined) await services.endpoints.tryIt(shown);
}

export async function copyEndpointCurl(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Copy as curl'));
  if (shown !== undefined) await copyCurl(shown.endpoint, EXAMPLE_BODY);
}

export async function openEndpointPage(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Open API Page'));
  if (shown !== undefined)
    await vscode.env.openExternal(vscode.Uri.parse(`${shown.endpoint.url}/docs`, true));
}

export async function stopEndpoint(services: Services, target: Target): Promise<void> {
  const shown = await pickEndpoint(services, target, vscode.l10n.t('RecSys: Stop Endpoint'));
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
  const shown = await pickEndpoint(services, target, title);
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
