import { l10n } from 'vscode';
import { runLabel, shortTime } from '../runs/run-text.ts';
import type { Answering } from './answering-models.ts';

/** `prod2vec of playlists, 22 Nov 14:05 (starred)`, as plain text. */
export function answeringText({ run, model, reason }: Answering): string {
  const why = {
    chosen: l10n.t('chosen'),
    starred: l10n.t('starred'),
    latest: l10n.t('latest'),
  }[reason];
  return l10n.t('{0} of {1}, {2} ({3})', model, runLabel(run), shortTime(run.started), why);
}
