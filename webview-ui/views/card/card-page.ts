/** The living card: it draws, listens, and keeps what the person chose. */
import type { cardPanel, CardState } from '../../../src/protocol/panels/card.ts';
import type { CardData } from '../../../src/protocol/run-view.ts';
import { alert } from '../../kit/alert.ts';
import { copyText } from '../../kit/copy-text.ts';
import type { Child } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';
import { RequestFailed } from '../../kit/request-failed.ts';
import type { Page, View } from '../../kit/mount.ts';
import { chosenOrder } from './chosen.ts';
import { TRIAL_SORT, trialOrder } from './trials.ts';
import { initialState, withField, withSort } from './ui-state.ts';
import type { CardActions } from './view-context.ts';
import { cardView } from './view.ts';

type Contract = typeof cardPanel;
const SCROLL_SETTLED_MS = 150;

export class CardPage implements View<Contract> {
  readonly #page: Page<Contract>;
  #state: CardState;
  #card: CardData | undefined;
  #failure: { readonly message: string; readonly hint?: string | undefined } | undefined;
  #scrollToRestore: number | undefined;

  constructor(page: Page<Contract>) {
    this.#page = page;
    const kept = page.host.kept();
    this.#state = kept ?? initialState;
    this.#scrollToRestore = kept?.scroll;
    // The extension restores the panel by the key, which is kept with the state.
    page.host.keep(this.#state);
    this.#listen();
  }

  readonly on: View<Contract>['on'] = {
    card: (card) => this.#show(card),
    failed: (failure) => this.#fail(failure),
  };

  refused(): void {
    const { host } = this.#page;
    if (host.kind === 'file') this.#fail({ message: host.text('unreadable'), hint: host.text('writeAgain') });
  }

  draw(): Child[] {
    const failure = this.#failure;
    const { host } = this.#page;
    return [
      failure !== undefined && alert(failure.message, failure.hint),
      this.#card !== undefined &&
        cardView({
          card: this.#card,
          state: this.#state,
          host: host.kind,
          text: (name, ...values) => host.text(name, ...values),
          actions: this.#actions,
        }),
    ];
  }

  /** Shows new data; what is open, focused, chosen and scrolled stays. */
  #show(card: CardData): void {
    this.#card = card;
    this.#failure = undefined;
    document.title = `${cut(card.run.labels.name ?? card.run.id, 80)} – RecSys`;
    this.#page.redraw();
    if (this.#scrollToRestore !== undefined) window.scrollTo(0, this.#scrollToRestore);
    this.#scrollToRestore = undefined;
  }

  /** Says that the data could not be had; a card that is already shown stays below. */
  #fail(failure: { readonly message: string; readonly hint?: string | undefined }): void {
    this.#failure = failure;
    this.#page.redraw();
  }

  #set(state: CardState, redraw = true): void {
    this.#state = state;
    this.#page.host.keep(state);
    if (redraw) this.#page.redraw();
  }

  readonly #actions: CardActions = {
    choose: (field, value) => this.#set(withField(this.#state, field, value)),
    sort: (column) => this.#sort(column),
    follow: (trial) => this.#follow(trial),
    copyCommand: () => this.#copyCommand(),
    copyFound: () => void copyText(this.#card?.tuning?.command ?? '', 'found-command'),
    cancelRun: () => this.#ask(this.#page.host.request('cancelRun', {})),
    resumeRun: () => this.#ask(this.#page.host.request('resumeRun', {})),
    trainOnEverything: () => this.#ask(this.#page.host.request('trainOnEverything', {})),
    openExplorer: () => this.#ask(this.#page.host.request('openExplorer', {})),
    openMap: () => this.#ask(this.#page.host.request('openMap', {})),
    openLog: (path) => this.#ask(this.#page.host.request('openLog', { path })),
    toggle: (id, open) => this.#set({ ...this.#state, open: { ...this.#state.open, [id]: open } }, false),
  };

  /** What the extension could not do is said on the card. */
  #ask(asked: Promise<null>): void {
    asked.catch((error: unknown) => {
      if (error instanceof RequestFailed) this.#fail(error);
      else throw error;
    });
  }

  #copyCommand(): void {
    if (this.#page.host.kind === 'vscode') this.#ask(this.#page.host.request('copyCommand', {}));
    else void copyText(this.#card?.command ?? '', 'command');
  }

  #sort(column: string): void {
    if (column.startsWith(TRIAL_SORT)) {
      const { sort, ascending } = trialOrder(this.#state);
      const turned = column === sort ? !ascending : false;
      this.#set({ ...this.#state, trialSort: column, trialAscending: turned });
      return;
    }
    const report = this.#card?.report;
    if (report !== undefined) this.#set(withSort(this.#state, column, chosenOrder(report, this.#state)));
  }

  /** A trial that is followed already is let go. */
  #follow(trial: string): void {
    const { trial: before, ...rest } = this.#state;
    this.#set(before === trial ? rest : { ...rest, trial });
  }

  #listen(): void {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    window.addEventListener(
      'scroll',
      () => {
        clearTimeout(waiting);
        waiting = setTimeout(
          () => this.#set({ ...this.#state, scroll: Math.round(window.scrollY) }, false),
          SCROLL_SETTLED_MS,
        );
      },
      { passive: true },
    );
  }
}
