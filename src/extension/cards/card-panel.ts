import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { FromCard, ToCard } from '../../protocol/card-messages.ts';
import { UserError, messageOf } from '../../protocol/user-error.ts';
import { terminalShell } from '../processes/terminal-shell.ts';
import type { Stores } from '../runs/stores.ts';
import type { StepReference } from '../commands/pick-run.ts';
import { cardHtml } from './card-html.ts';

const SHORTEST_INTERVAL_MS = 700;

export interface CardPanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly run: string;
  readonly assets: vscode.Uri;
  readonly icon: { readonly light: vscode.Uri; readonly dark: vscode.Uri };
  readonly engine: Pick<Stores, 'request'>;
  readonly model: Stores;
  readonly log: vscode.LogOutputChannel;
}

/** One result card: sends its data, again whenever the run changed, and does what the card's buttons ask for. */
export class CardPanel implements vscode.Disposable {
  readonly #options: CardPanelOptions;
  readonly #subscriptions: vscode.Disposable[];
  #isReady = false;
  #shown = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CardPanelOptions) {
    this.#options = options;
    const { panel, model } = options;
    panel.webview.options = { enableScripts: true, localResourceRoots: [options.assets] };
    panel.iconPath = options.icon;
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)),
      panel.onDidChangeViewState(() => this.#schedule()),
      model.onDidChange(() => this.#schedule()),
    ];
    panel.webview.html = this.#html();
  }

  #html(): string {
    const { panel, assets, run } = this.#options;
    const address = (file: string): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(assets, file)).toString();
    const nonce = randomBytes(16).toString('base64url');
    return cardHtml({
      script: address('card.js'),
      style: address('card.css'),
      source: panel.webview.cspSource,
      nonce,
      title: panel.title,
      run,
    });
  }

  /** A hidden card is brought up to date when it is shown again. */
  #schedule(): void {
    if (
      !this.#isReady ||
      !this.#options.panel.visible ||
      this.#timer !== undefined ||
      this.#signature() === this.#shown
    )
      return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, SHORTEST_INTERVAL_MS);
  }

  /** Changes whenever the run's view does. */
  #signature(): string {
    return JSON.stringify(this.#options.model.run(this.#options.run) ?? null);
  }

  async #send(): Promise<void> {
    this.#shown = this.#signature();
    const message = await this.#message();
    await this.#options.panel.webview.postMessage(message);
  }

  async #message(): Promise<ToCard> {
    try {
      return {
        type: 'data',
        data: await this.#options.engine.request('run/card', {
          run: this.#options.run,
          shell: terminalShell(),
        }),
      };
    } catch (error) {
      this.#options.log.warn(messageOf(error));
      // It is asked for again as soon as the store can be read again.
      this.#shown = '';
      return {
        type: 'failed',
        message: messageOf(error),
        ...(error instanceof UserError && error.hint !== '' ? { hint: error.hint } : {}),
      };
    }
  }

  async #receive(message: unknown): Promise<void> {
    const { FromCard } = await import('../late.ts');
    const checked = FromCard.safeParse(message);
    if (checked.success) this.#obey(checked.data);
    else this.#options.log.warn(`The card sent a message of an unknown form: ${JSON.stringify(message)}`);
  }

  #obey(message: FromCard): void {
    const { run } = this.#options;
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        void this.#send();
        break;
      case 'openLog':
        execute('recsys.openLog', { runId: run, step: message.path } satisfies StepReference);
        break;
      case 'copyCommand':
      case 'cancel':
      case 'resume':
        execute(`recsys.${message.type}`, run);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function execute(command: string, argument: unknown): void {
  void vscode.commands.executeCommand(command, argument);
}
