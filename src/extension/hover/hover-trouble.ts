import * as vscode from 'vscode';
import { hinted, messageOf } from '../../protocol/user-error.ts';

/**
 * Says that the pointer can tell no items, and offers what mends it: one item of the status bar, however often it fails, there
 * until an answer comes or the engine is started anew. A message at each place would be in the way.
 */
export class HoverTrouble implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  #item: vscode.StatusBarItem | undefined;
  /** What the log was told last. */
  #logged: string | undefined;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  tell(error: unknown): void {
    const { hint = '' } = hinted(error);
    const text = [messageOf(error), hint].filter((part) => part !== '').join(' ');
    if (text !== this.#logged) this.#log.warn(`hover: ${text}`);
    this.#logged = text;
    this.#item ??= newItem();
    this.#item.tooltip = vscode.l10n.t(
      'What is near items cannot be shown: {0}\nClick to restart the engine.',
      text,
    );
    this.#item.show();
  }

  clear(): void {
    this.#logged = undefined;
    this.#item?.hide();
  }

  dispose(): void {
    this.#item?.dispose();
  }
}

function newItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('recsys.hover', vscode.StatusBarAlignment.Left);
  item.name = vscode.l10n.t('RecSys: Hover');
  item.text = vscode.l10n.t('$(warning) RecSys: no hovers');
  item.command = { command: 'recsys.restartEngine', title: vscode.l10n.t('Restart Engine') };
  return item;
}
