/** What can be done with an endpoint at AWS. */
import * as vscode from 'vscode';
import type { EndpointChange } from '../../protocol/endpoint-change.ts';
import { EXAMPLE_BODY } from '../../protocol/text/curl.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Target } from '../commands/pick-run.ts';
import { copyFrontRequest, copyRequest } from '../endpoints/copy-request.ts';
import { isAtAws, type ShownAtAws, type ShownEndpoint } from '../endpoints/endpoint-list.ts';
import { pickEndpoint } from '../endpoints/pick-endpoint.ts';
import { whoseModel } from '../endpoints/whose-model.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Services } from '../services.ts';
import { askingWords, awsChild } from './aws-child.ts';
import { changeAtAws, placeWords } from './change-at-aws.ts';
import { modelText, profileText } from './aws-text.ts';
import { tellRemovals } from './tell-removals.ts';

function pickAtAws(
  services: Services,
  target: Target,
  title: string,
  fits: (shown: ShownAtAws) => boolean,
): Promise<ShownAtAws | undefined> {
  const suits = (shown: ShownEndpoint): shown is ShownAtAws => isAtAws(shown) && fits(shown);
  return pickEndpoint(services, target, { title, suits, none });
}

function none(): UserError {
  return new UserError(
    vscode.l10n.t('No endpoint at AWS suits this.'),
    vscode.l10n.t('Deploy a run with “RecSys: Deploy”.'),
  );
}

/** Whether no process is at work on it. */
const isIdle = ({ endpoint: { state, changing } }: ShownAtAws): boolean =>
  state !== 'deploying' && changing === undefined;

export async function rollBackEndpoint(services: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Roll Back Endpoint');
  const canGoBack = (one: ShownAtAws): boolean => isIdle(one) && one.endpoint.earlier !== undefined;
  const shown = await pickAtAws(services, target, title, canGoBack);
  if (shown === undefined) return;
  const { name, earlier, answering } = shown.endpoint;
  const named = (model: typeof earlier): string =>
    model === undefined
      ? vscode.l10n.t('an earlier model')
      : modelText(model, whoseModel(services.stores, model));
  const rollBack = vscode.l10n.t('Roll Back');
  const detail = vscode.l10n.t('{0} answers until then, and can be gone back to in turn.', named(answering));
  const question = vscode.l10n.t('Let {0} answer by {1} again?', name, named(earlier));
  const chosen = await vscode.window.showWarningMessage(
    escapeLinks(question),
    { modal: true, detail },
    rollBack,
  );
  if (chosen === rollBack) await change(services, shown, 'rollback', ['rollback', name]);
}

/** Says what goes before it goes. */
export async function deleteEndpoint(services: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Delete Endpoint');
  const shown = await pickAtAws(services, target, title, isIdle);
  if (shown === undefined || !(await isMeant(shown))) return;
  await change(services, shown, 'delete', ['delete', shown.endpoint.name]);
}

/** The endpoint stays. */
export async function deleteFront(services: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Delete REST Front');
  const hasFront = (one: ShownAtAws): boolean => isIdle(one) && one.endpoint.front !== undefined;
  const shown = await pickAtAws(services, target, title, hasFront);
  if (shown === undefined) return;
  const { name, front = '' } = shown.endpoint;
  const lines = [
    placeText(shown),
    vscode.l10n.t('{0} answers nobody any more; a front that is made later has another address.', front),
    vscode.l10n.t('The endpoint itself stays.'),
  ];
  if (!(await isToGo(vscode.l10n.t('Delete the REST front of {0}?', name), lines))) return;
  await change(services, shown, 'deleteFront', ['delete', name, '--rest']);
}

function change(
  services: Services,
  { store, endpoint: { name, profile, region } }: ShownAtAws,
  what: EndpointChange['what'],
  words: readonly string[],
): ReturnType<typeof changeAtAws> {
  return changeAtAws(services, { store, what, words, profile, region, name });
}

function placeText({ endpoint: { account = '', region = '', profile } }: ShownAtAws): string {
  return vscode.l10n.t('In account {0}, region {1}, by {2}.', account, region, profileText(profile));
}

function isMeant(shown: ShownAtAws): Promise<boolean> {
  const { name, pieces, state } = shown.endpoint;
  const lines = [
    placeText(shown),
    pieces.length === 0
      ? vscode.l10n.t('Nothing of it is at AWS; it is taken off this list.')
      : [vscode.l10n.t('These go:'), ...pieces.map((piece) => `• ${piece}`)].join('\n'),
    ...(state === 'inService' ? [vscode.l10n.t('Whoever asks it gets no answer any more.')] : []),
  ];
  return isToGo(vscode.l10n.t('Delete the endpoint {0} and all that was made for it?', name), lines);
}

async function isToGo(question: string, lines: readonly string[]): Promise<boolean> {
  const remove = vscode.l10n.t('Delete');
  const options = { modal: true, detail: lines.join('\n\n') };
  return (await vscode.window.showWarningMessage(escapeLinks(question), options, remove)) === remove;
}

/** *Sweep What Was Left*: what lost deployments left, and endpoints whose time is over. */
export async function sweepEndpoints(services: Services): Promise<void> {
  const { list } = services.endpoints;
  await list.look();
  const stores = new Set([...list.atAws, ...list.predictions].map(({ store }) => store));
  if (stores.size === 0) tellRemovals([]);
  for (const store of stores)
    await changeAtAws(services, {
      ...{ store, what: 'sweep', name: undefined, profile: undefined, region: undefined },
      words: ['sweep', '--each-profile'],
    });
}

/** One of each store and profile, as a command looks at all endpoints of a store. */
function anEndpointAProfile(all: readonly ShownAtAws[]): ShownAtAws[] {
  const byProfile = new Map<FolderStore, Map<string | undefined, ShownAtAws>>();
  for (const shown of all) {
    const of = byProfile.get(shown.store) ?? new Map<string | undefined, ShownAtAws>();
    byProfile.set(shown.store, of.set(shown.endpoint.profile, of.get(shown.endpoint.profile) ?? shown));
  }
  return [...byProfile.values()].flatMap((of) => [...of.values()]);
}

/** *Refresh Status from AWS*, of all endpoints. */
export async function refreshStatus(services: Services): Promise<void> {
  const { list, status } = services.endpoints;
  await list.look();
  const { StatusReport } = await import('../late.ts');
  for (const one of anEndpointAProfile(list.atAws)) {
    const told = await awsChild({
      ...{ site: one.store.site, reply: StatusReport },
      words: ['endpoint', 'list', ...placeWords(one.endpoint), ...askingWords(one.store.site)],
      title: vscode.l10n.t('RecSys: asking AWS how the endpoints are'),
    });
    if (told === undefined) return;
    const mine = list.atAws.filter(
      ({ store, endpoint }) => store === one.store && endpoint.profile === one.endpoint.profile,
    );
    status.tell(
      mine.flatMap((shown) =>
        told.endpoints
          .filter(({ endpoint }) => endpoint === shown.endpoint.name)
          .map((found) => ({ shown, status: found.status })),
      ),
    );
  }
}

/** Asks the process to stop, by its id in the store; what it made is taken away by it. */
export async function cancelDeployment(services: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Cancel Deployment');
  const shown = await pickAtAws(services, target, title, ({ endpoint }) => endpoint.activity !== undefined);
  const id = shown?.endpoint.activity?.id;
  if (shown === undefined || id === undefined) return;
  await shown.store.engine.request('endpoints/cancel', { id });
}

/** Of a front, with capitals for what a caller fills in: no token and no key is known here. */
export async function copyFrontCurl(services: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Copy REST Front as curl');
  const shown = await pickAtAws(services, target, title, ({ endpoint }) => endpoint.front !== undefined);
  if (shown !== undefined) await copyFrontRequest(shown.endpoint);
}

export async function copyAwsCommand(services: Services, target: Target): Promise<void> {
  const title = vscode.l10n.t('RecSys: Copy as AWS Command');
  const shown = await pickAtAws(services, target, title, ({ endpoint }) => endpoint.state === 'inService');
  if (shown !== undefined) await copyRequest(shown.endpoint, EXAMPLE_BODY);
}
