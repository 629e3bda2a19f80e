/** Under which name a model is deployed: a new one, or that of an endpoint which it then updates. */
import * as vscode from 'vscode';
import { defaultEndpointName, isEndpointName, LONGEST_NAME } from '../../protocol/endpoint-name.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import type { ShownAtAws } from '../endpoints/endpoint-list.ts';

interface NameItem extends vscode.QuickPickItem {
  /** Absent: a new endpoint. */
  readonly name?: string;
}

/**
 * @param there the endpoints of the store
 * @returns undefined where the person turned away
 */
export async function pickName(
  there: readonly ShownAtAws[],
  model: { readonly run: string; readonly model: string },
  title: string,
): Promise<string | undefined> {
  const updatable = there.filter(({ endpoint: { state } }) => state === 'inService');
  if (updatable.length === 0) return askName(defaultEndpointName(model), title);
  const items: NameItem[] = [
    { label: `$(add) ${vscode.l10n.t('A new endpoint…')}` },
    ...updatable.map(({ endpoint: { name, region = '', answering } }) => ({
      label: `$(cloud-upload) ${escapeIcons(name)}`,
      description: escapeIcons([answering?.model ?? '', region].filter((part) => part !== '').join(' · ')),
      detail: vscode.l10n.t(
        'Is given this model; the one it has answers until the new one is ready, and can be gone back to',
      ),
      name,
    })),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, ignoreFocusOut: true, placeHolder: vscode.l10n.t('A new endpoint, or one that is updated') },
  });
  if (chosen === undefined) return undefined;
  return chosen.name ?? askName(defaultEndpointName(model), title);
}

async function askName(value: string, title: string): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    ...{ title, value, ignoreFocusOut: true },
    prompt: vscode.l10n.t('Name of the endpoint'),
    validateInput: (text) =>
      isEndpointName(text.trim())
        ? undefined
        : vscode.l10n.t('Letters, digits and dashes between them, {0} at most', LONGEST_NAME),
  });
  return name?.trim();
}
