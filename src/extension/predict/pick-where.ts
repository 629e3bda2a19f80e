/** Where predictions are made: on this machine, or at AWS. */
import * as vscode from 'vscode';
import { pickProfile, profileWords } from '../deploy/pick-profile.ts';
import type { Remembered } from '../deploy/remembered.ts';
import type { Site } from '../site.ts';

/** @returns options of `recsys predict`; undefined where the person turned away */
export async function pickWhere(
  site: Site,
  remembered: Remembered,
  title: string,
): Promise<readonly string[] | undefined> {
  const items = [
    {
      label: `$(vm) ${vscode.l10n.t('On this machine')}`,
      detail: vscode.l10n.t('By threads of a process of its own, which goes on when this window is closed'),
      isAtAws: false,
    },
    {
      label: `$(cloud) ${vscode.l10n.t('At AWS…')}`,
      detail: vscode.l10n.t(
        'By a batch transform job of SageMaker, shown with its price before; nothing of it stays',
      ),
      isAtAws: true,
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, ignoreFocusOut: true, placeHolder: vscode.l10n.t('Where is it to be predicted?') },
  });
  if (chosen === undefined) return undefined;
  if (!chosen.isAtAws) return [];
  const profile = await pickProfile(site, remembered, title);
  return profile === undefined ? undefined : ['--at-aws', ...profileWords(profile)];
}
