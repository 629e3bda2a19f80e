import type { CardPanelContract } from '../../protocol/panels/card.ts';
import type { CardData } from '../../protocol/run-view.ts';
import { hinted, messageOf } from '../../protocol/user-error.ts';
import type { Disposable, PanelBehaviour, PanelHandle } from '../panels/registry.ts';

const SHORTEST_INTERVAL_MS = 700;

/** What a card needs of the rest of the extension. */
export interface CardSources {
  readonly read: (run: string) => Promise<CardData>;
  /** Another text whenever the run is another. */
  readonly signature: () => string;
  readonly onDidChange: (listener: () => void) => Disposable;
  readonly execute: (command: string, argument: unknown) => PromiseLike<unknown>;
  readonly warn: (message: string) => void;
}

/** One result card: sends its data, again whenever the run changed, and does what the card's buttons ask for. */
export class CardBehaviour implements PanelBehaviour<CardPanelContract> {
  readonly #panel: PanelHandle<CardPanelContract>;
  readonly #sources: CardSources;
  readonly #subscription: Disposable;
  #shown = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(panel: PanelHandle<CardPanelContract>, sources: CardSources) {
    this.#panel = panel;
    this.#sources = sources;
    this.#subscription = sources.onDidChange(() => this.#schedule());
  }

  readonly requests: PanelBehaviour<CardPanelContract>['requests'] = {
    copyCommand: () => this.#execute('recsys.copyCommand', this.#panel.key),
    cancelRun: () => this.#execute('recsys.cancel', this.#panel.key),
    resumeRun: () => this.#execute('recsys.resume', this.#panel.key),
    trainOnEverything: () => this.#execute('recsys.trainOnEverything', this.#panel.key),
    openExplorer: () => this.#execute('recsys.openExplorer', this.#panel.key),
    openMap: () => this.#execute('recsys.openMap', this.#panel.key),
    openLog: ({ path }) => this.#execute('recsys.openLog', { runReference: this.#panel.key, step: path }),
  };

  async #execute(command: string, argument: unknown): Promise<null> {
    await this.#sources.execute(command, argument);
    return null;
  }

  ready(): void {
    void this.#send();
  }

  /** A hidden card has no page; it is told everything when it is shown again. */
  #schedule(): void {
    if (!this.#panel.isReady() || this.#timer !== undefined || this.#sources.signature() === this.#shown)
      return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, SHORTEST_INTERVAL_MS);
  }

  async #send(): Promise<void> {
    this.#shown = this.#sources.signature();
    try {
      this.#panel.send('card', await this.#sources.read(this.#panel.key));
    } catch (error) {
      this.#sources.warn(messageOf(error));
      // It is asked for again as soon as the store can be read again.
      this.#shown = '';
      this.#panel.send('failed', {
        message: messageOf(error),
        ...hinted(error),
      });
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }
}
