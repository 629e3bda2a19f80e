/** *Deploy…*: a run's model as an endpoint of Amazon SageMaker, by a process that outlives this window. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { newRunId } from '../../protocol/run-id.ts';
import { modelWords, pickModel, type ChosenModel } from '../commands/pick-model.ts';
import { pickRun, type Target } from '../commands/pick-run.ts';
import { launchDetached } from '../processes/launch-detached.ts';
import { ERRORS_AS_JSON } from '../processes/told-failure.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { hasReport } from '../runs/run-facts.ts';
import { goneRun } from '../runs/stores.ts';
import type { Services } from '../services.ts';
import { pickCapacity } from './pick-capacity.ts';
import { pickFront, showToken } from './pick-front.ts';
import { pickName } from './pick-name.ts';
import { pickProfile, profileWords, type ChosenProfile } from './pick-profile.ts';

const title = (): string => vscode.l10n.t('RecSys: Deploy');

/** Asks what cannot be known; the process itself asks for the role, and whether all that it then knows is to be made. */
export async function deployRun(services: Services, target: Target): Promise<void> {
  const { stores, endpoints, deployments } = services;
  const run = await pickRun(stores, target, { title: title(), suits: hasReport });
  if (run === undefined) return;
  const store = stores.of(run.folder);
  if (store === undefined) throw goneRun(run.id);
  const model = await pickModel(target, run, () => stores.details(run.folder), {
    title: title(),
    placeHolder: vscode.l10n.t('Choose the model that is to answer'),
  });
  if (model === undefined) return;
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

async function launch(
  { context, deployments, log }: Services,
  store: FolderStore,
  meant: Meant,
): Promise<void> {
  const { site } = store;
  const { run, model, profile, name, form } = meant;
  const id = newRunId();
  const words = [
    ...['deploy', run.id, ...modelWords(model)],
    ...[...profileWords(profile), '--name', name, ...form],
    ...['--id', id, '--ask-by-file', '--json', '--store', site.settings.storeFolder],
  ];
  log.info(`recsys ${words.join(' ')}`);
  // Changes of the store are told to who has seen it once; followed from its start, nobody else takes it for another window's.
  await store.model.ready();
  const { ended } = await launchDetached({
    runtime: site.runtime,
    arguments: [...words, ERRORS_AS_JSON],
    workingFolder: site.folder,
    logFolder: (context.storageUri ?? context.logUri).fsPath,
  });
  deployments.follower.follow({ store, id, name, profile: profile.name }, ended);
  await vscode.commands.executeCommand('recsys.endpoints.focus');
}
