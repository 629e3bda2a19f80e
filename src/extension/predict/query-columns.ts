/** Which columns of a file make its queries, asked where they are not called as those of the run's data. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { InputColumns } from '../../protocol/engine.ts';
import { columnsOf, QUERY_ROLES } from '../preview/column-roles.ts';
import { confirmColumns } from '../preview/confirm-columns.ts';
import type { FolderStore } from '../runs/folder-store.ts';

export interface AskedFile {
  readonly store: FolderStore;
  /** Id of the run whose model predicts. */
  readonly run: string;
  readonly input: string;
}

/** @returns options of `recsys predict`; undefined where the person turned away */
export async function columnWords(asked: AskedFile): Promise<readonly string[] | undefined> {
  const columns = await columnsIn(asked);
  if (!columns.matches) return confirmed(asked, columns);
  const { specWords } = await import('../late.ts');
  return specWords(columns.told);
}

/** The same, asked in any case: what was taken led to nothing. */
export async function otherColumnWords(asked: AskedFile): Promise<readonly string[] | undefined> {
  return confirmed(asked, await columnsIn(asked));
}

function columnsIn({ store, run, input }: AskedFile): Thenable<InputColumns> {
  const title = vscode.l10n.t('RecSys: looking at {0}', path.basename(input));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    store.engine.request('data/queries', { path: input, run }),
  );
}

async function confirmed(
  { input }: AskedFile,
  columns: InputColumns,
): Promise<readonly string[] | undefined> {
  const spec = await confirmColumns(input, columns, {
    ...{ purpose: vscode.l10n.t('Use these columns'), roles: QUERY_ROLES, splits: false },
    note: vscode.l10n.t('Without a sequence each row is a query, whose items are a list'),
    itemParts: columns.itemParts,
  });
  if (spec === undefined) return undefined;
  const { specWords } = await import('../late.ts');
  const chosen = QUERY_ROLES.map((role) => [role.key, columnsOf(spec, role)] as const);
  return specWords({ ...columns.told, ...Object.fromEntries(chosen) });
}
