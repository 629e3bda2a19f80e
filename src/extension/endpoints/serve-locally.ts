/** *Serve Locally*: a server of a run's model, as a process that outlives this window. */
import * as vscode from 'vscode';
import { newRunId } from '../../protocol/run-id.ts';
import { UserError } from '../../protocol/user-error.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { launchDetached, type LaunchEnd } from '../processes/launch-detached.ts';
import { ERRORS_AS_JSON, toldFailure } from '../processes/told-failure.ts';
import { modelOfRow, modelWords } from '../commands/pick-model.ts';
import { pickRun, type Target } from '../commands/pick-run.ts';
import { hasReport } from '../runs/run-facts.ts';
import { goneRun } from '../runs/stores.ts';
import { runTitle } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { isLocal, type ShownLocal } from './endpoint-list.ts';

/** Between two looks whether the server has come up; opening a large model takes its time. */
const LOOK_MS = 300;

export async function serveLocally(services: Services, target: Target): Promise<void> {
  const { stores, log } = services;
  const run = await pickRun(stores, target, {
    title: vscode.l10n.t('RecSys: Serve Locally'),
    suits: hasReport,
  });
  if (run === undefined) return;
  const store = stores.of(run.folder);
  if (store === undefined) throw goneRun(run.id);
  const { site } = store;
  const id = newRunId();
  // A row of a model names it; of a run its best answers.
  const model = modelOfRow(target);
  const words = [
    ...['serve', run.id, ...(model === undefined ? [] : modelWords(model))],
    ...['--port', '0', '--id', id, '--store', site.settings.storeFolder],
  ];
  log.info(`recsys ${words.join(' ')}`);
  const { ended } = await launchDetached({
    runtime: site.runtime,
    arguments: [...words, ERRORS_AS_JSON],
    workingFolder: site.folder,
    logFolder: (services.context.storageUri ?? services.context.logUri).fsPath,
  });
  const title = vscode.l10n.t('RecSys: serving {0}', escapeLinks(runTitle(run)));
  const shown = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title },
    () => comesUp(services, id, ended),
  );
  await tell(services, shown);
}

async function comesUp({ endpoints }: Services, id: string, ended: Promise<LaunchEnd>): Promise<ShownLocal> {
  const over: { end?: LaunchEnd; failure?: Error } = {};
  ended.then(
    (end) => (over.end = end),
    (error: unknown) => (over.failure = error instanceof Error ? error : new Error(String(error))),
  );
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    await endpoints.list.look();
    const shown = endpoints.list.all.filter(isLocal).find((one) => one.id === id);
    if (shown !== undefined) return shown;
    if (over.failure !== undefined) throw over.failure;
    if (over.end !== undefined) throw await failureOf(over.end);
  }
}

function failureOf({ said }: LaunchEnd): Promise<UserError> {
  const untold = (): UserError =>
    new UserError(
      vscode.l10n.t('The server could not be started: its process ended without saying why.'),
      vscode.l10n.t('The log has what it wrote.'),
    );
  return toldFailure(said, untold);
}

async function tell({ endpoints }: Services, shown: ShownLocal): Promise<void> {
  await vscode.commands.executeCommand('recsys.endpoints.focus');
  const tryIt = vscode.l10n.t('Try It');
  const { url, answering } = shown.endpoint;
  const text = vscode.l10n.t('{0} answers at {1}.', escapeLinks(answering.model), url);
  void vscode.window.showInformationMessage(text, tryIt).then((chosen) => {
    if (chosen === tryIt) void endpoints.tryIt(shown);
  });
}
