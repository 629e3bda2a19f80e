import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { formatPercent } from '../text/format.ts';
import { countOfRuns, runDescription, runLabel } from './run-text.ts';
import { isRunning } from './run-facts.ts';
import type { Stores } from './stores.ts';

/** One status bar item, there only while something runs; a click leads to the run in the tree. */
export class RunStatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('recsys.running', vscode.StatusBarAlignment.Left);
  readonly #subscription: vscode.Disposable;

  constructor(stores: Stores) {
    this.#item.name = 'RecSys';
    this.#subscription = stores.onDidChange(() => this.#show(stores.runs.filter(isRunning)));
  }

  #show(running: readonly RunRow[]): void {
    const [first] = running;
    if (first === undefined) {
      this.#item.hide();
      return;
    }
    const percent = first.fraction === undefined ? '' : ` ${formatPercent(first.fraction)}`;
    const what = running.length === 1 ? `RecSys${percent}` : `RecSys: ${countOfRuns(running.length)}`;
    this.#item.text = `$(loading~spin) ${what}`;
    this.#item.tooltip = running
      .map((run) => escapeIcons(`${runLabel(run)}: ${runDescription(run)}`))
      .join('\n');
    this.#item.command = {
      command: 'recsys.showRunning',
      title: vscode.l10n.t('Show Running Run'),
      arguments: [first.folder],
    };
    this.#item.show();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}
