/** *Deploy…*: a run's model as an endpoint of Amazon SageMaker, by a process that outlives this window. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { modelWords, type ChosenModel } from '../commands/pick-model.ts';
import { pickRunModel } from '../commands/pick-run-model.ts';
import type { Target } from '../commands/pick-run.ts';
import { launchAsking } from '../processes/launch-asking.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Services } from '../services.ts';
import { pickCapacity } from './pick-capacity.ts';
import { pickFront, showToken } from './pick-front.ts';
import { pickName } from './pick-name.ts';
import { pickProfile, profileWords, type ChosenProfile } from './pick-profile.ts';

const title = (): string => vscode.l10n.t('RecSys: Deploy');

/** Asks what cannot be known; the process itself asks for the role, and whether all that it then knows is to be made. */
export async function deployRun(services: Services, target: Target): Promise<void> {
  const { stores, endpoints, deployments } = services;
  const chosen = await pickRunModel(stores, target, {
    title: title(),
    placeHolder: vscode.l10n.t('Choose the model that is to answer'),
  });
  if (chosen === undefined) return;
  const { run, store, model } = chosen;
  const profile = await pickProfile(store.site, deployments.remembered, title());
  if (profile === undefined) return;
  await endpoints.list.look();
  const there = endpoints.list.atAws.filter((shown) => shown.store === store);
  const name = await pickName(there, { run: run.id, model: model.name }, title());
  if (name === undefined) return;
  const capacity = await pickCapacity(title());
  if (capacity === undefined) return;
  const front = await pickFront(title());
  if (front === undefined) return;
  if (front.token !== undefined && !(await showToken(front.token, name))) return;
  await launch(services, store, { run, model, profile, name, form: [...capacity, ...front.words] });
}

interface Meant {
  readonly run: RunRow;
  readonly model: ChosenModel;
  readonly profile: ChosenProfile;
  readonly name: string;
  /** Options: what the endpoint runs on, and its front. */
  readonly form: readonly string[];
}

async function launch(services: Services, store: FolderStore, meant: Meant): Promise<void> {
  const { run, model, profile, name, form } = meant;
  const { id, ended } = await launchAsking(services, store, [
    ...['deploy', run.id, ...modelWords(model)],
    ...[...profileWords(profile), '--name', name, ...form],
  ]);
  services.deployments.follower.follow({ store, id, name, profile: profile.name }, ended);
  await vscode.commands.executeCommand('recsys.endpoints.focus');
}
