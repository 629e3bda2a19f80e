import * as vscode from 'vscode';
import type { Stores } from '../runs/stores.ts';
import { oneLine } from '../text/escape.ts';
import { CardPanel } from './card-panel.ts';

const VIEW_TYPE = 'recsys.card';
const TITLE_LIMIT = 40;

/** The id that the page keeps in its state. */
function runInState(state: unknown): string | undefined {
  return typeof state === 'object' && state !== null && 'run' in state && typeof state.run === 'string'
    ? state.run
    : undefined;
}

/** The open result cards: one a run, restored after a reload. */
export class CardPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #assets: vscode.Uri;
  readonly #icon: { readonly light: vscode.Uri; readonly dark: vscode.Uri };
  readonly #engine: Pick<Stores, 'request'>;
  readonly #model: Stores;
  readonly #log: vscode.LogOutputChannel;
  readonly #open = new Map<string, vscode.WebviewPanel>();
  readonly #cards = new Map<string, vscode.Disposable>();
  readonly #registration: vscode.Disposable;

  constructor(
    extension: vscode.Uri,
    engine: Pick<Stores, 'request'>,
    model: Stores,
    log: vscode.LogOutputChannel,
  ) {
    this.#assets = vscode.Uri.joinPath(extension, 'dist', 'webview');
    const media = vscode.Uri.joinPath(extension, 'media');
    this.#icon = {
      light: vscode.Uri.joinPath(media, 'recsys-light.svg'),
      dark: vscode.Uri.joinPath(media, 'recsys.svg'),
    };
    this.#engine = engine;
    this.#model = model;
    this.#log = log;
    this.#registration = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this);
  }

  /** Shows the card of a run, in the panel it has already or in a new one. */
  open(run: string, label: string): void {
    const existing = this.#open.get(run);
    if (existing === undefined)
      this.#adopt(
        vscode.window.createWebviewPanel(
          VIEW_TYPE,
          vscode.l10n.t('Result: {0}', oneLine(label, TITLE_LIMIT)),
          vscode.ViewColumn.Active,
        ),
        run,
      );
    else existing.reveal();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const run = runInState(state);
    if (run === undefined) {
      panel.dispose();
      return;
    }
    await this.#model.ready();
    this.#adopt(panel, run);
  }

  #adopt(panel: vscode.WebviewPanel, run: string): void {
    const card = new CardPanel({
      panel,
      run,
      assets: this.#assets,
      icon: this.#icon,
      engine: this.#engine,
      model: this.#model,
      log: this.#log,
    });
    this.#open.set(run, panel);
    this.#cards.set(
      run,
      vscode.Disposable.from(
        panel.onDidDispose(() => this.#release(run)),
        card,
      ),
    );
  }

  #release(run: string): void {
    this.#open.delete(run);
    this.#cards.get(run)?.dispose();
    this.#cards.delete(run);
  }

  /** The panels themselves stay: VS Code keeps them over a reload. */
  dispose(): void {
    this.#registration.dispose();
    for (const card of this.#cards.values()) card.dispose();
  }
}
