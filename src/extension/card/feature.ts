/** The result cards of runs. */
import * as vscode from 'vscode';
import type { CardPanelContract } from '../../protocol/panels/card.ts';
import { terminalShell } from '../processes/terminal-shell.ts';
import { Panels, definePanel } from '../panels/registry.ts';
import type { PanelWindow } from '../panels/registry.ts';
import type { Stores } from '../runs/stores.ts';
import { oneLine } from '../../protocol/text/escape.ts';
import { CardBehaviour } from './card-behaviour.ts';

const TITLE_LIMIT = 40;

export class CardFeature implements vscode.Disposable {
  readonly #panels: Panels<CardPanelContract>;

  constructor(window: PanelWindow, stores: Stores) {
    const card = definePanel<CardPanelContract>({
      name: 'card',
      contract: async () => (await import('../late.ts')).cardPanel,
      start: (panel) =>
        new CardBehaviour(panel, {
          read: (run) => stores.request('run/card', { run, shell: terminalShell() }),
          // Changes whenever the run's view does.
          signature: () => JSON.stringify(stores.run(panel.key) ?? null),
          onDidChange: (listener) => stores.onDidChange(listener),
          execute: (command, argument) => vscode.commands.executeCommand(command, argument),
          warn: window.warn,
        }),
    });
    this.#panels = new Panels(card, window);
  }

  /** Shows the card of a run, in the panel it has already or in a new one. */
  async open(run: string, label: string): Promise<void> {
    await this.#panels.open(run, vscode.l10n.t('Result: {0}', oneLine(label, TITLE_LIMIT)));
  }

  dispose(): void {
    this.#panels.dispose();
  }
}
