/** *Train on Everything…*: the best model of a finished run, on all its rows, for use. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { canTrainOnEverything, isOnEverything } from '../runs/run-facts.ts';
import { runTitle } from '../runs/run-text.ts';
import type { Services } from '../services.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { formatMetric } from '../text/format.ts';
import { pickRun, type Target } from './pick-run.ts';
import { goOn } from './run-commands.ts';

const title = (): string => vscode.l10n.t('RecSys: Train on Everything');

export async function trainOnEverything(services: Services, target: Target): Promise<void> {
  const run = await pickRun(services.stores, target, { title: title(), suits: canTrainOnEverything });
  if (run === undefined) return;
  if (isOnEverything(run)) await tellWhere(run);
  else if (run.best === undefined || (await isMeant(run))) await goOn(services, ['refit', run.id], run);
}

async function tellWhere(run: RunRow): Promise<void> {
  const { best = '' } = run;
  const show = vscode.l10n.t('Reveal Package');
  const text = vscode.l10n.t('{0} of {1} is trained on everything already.', best, runTitle(run));
  if ((await vscode.window.showInformationMessage(escapeLinks(text), show)) !== show) return;
  const folder = path.join(run.folder, 'everything', best);
  await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
}

/** Asks before anything is started; a run without a best model says why there is none when it is asked for it. */
async function isMeant(run: RunRow): Promise<boolean> {
  const { best = '', headline } = run;
  const train = vscode.l10n.t('Train');
  const expected =
    headline === undefined
      ? ''
      : vscode.l10n.t(
          'Expect of it what the run measured: {0} {1} on the test part. It cannot be measured itself, as nothing is held out from it.',
          headline.metric,
          formatMetric(headline.value),
        );
  const detail = [
    vscode.l10n.t(
      'It is trained on all rows, those of the test part too, with the settings it has: nothing is searched, and no figure of the run changes.',
    ),
    expected,
  ].join('\n\n');
  const question = vscode.l10n.t('Train {0} of {1} on everything, for use?', best, runTitle(run));
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, train)) === train;
}
