/** The living card: it draws, listens, and keeps what the person chose. */
import type { CardData } from '../../src/protocol/run-view.ts';
import { Charts } from '../charts/charts.ts';
import { h } from '../shared/element.ts';
import { cut } from '../shared/format.ts';
import type { Host } from '../shared/host.ts';
import { icon } from '../shared/icon.ts';
import { morph } from '../shared/morph.ts';
import { chosenOrder } from './chosen.ts';
import { copyText } from './copy-text.ts';
import { restoreState, withField, withSort } from './ui-state.ts';
import { TRIAL_SORT, trialOrder } from './trials.ts';
import type { UiState } from './ui-state.ts';
import { cardView, tabNames } from './view.ts';

const KEYS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class CardPage {
  readonly #root: HTMLElement;
  readonly #host: Host;
  readonly #charts = new Charts();
  #state: UiState;
  #card: CardData | undefined;
  #scrollToRestore: number | undefined;

  constructor(root: HTMLElement, host: Host) {
    this.#root = root;
    this.#host = host;
    this.#state = restoreState(host.load());
    this.#scrollToRestore = this.#state.scroll;
    this.#listen();
  }

  /** Shows new data; what is open, focused, chosen and scrolled stays. */
  show(card: CardData): void {
    this.#card = card;
    document.title = `${cut(card.run.labels.name ?? card.run.id, 80)} – RecSys`;
    this.#render();
    if (this.#scrollToRestore !== undefined) window.scrollTo(0, this.#scrollToRestore);
    this.#scrollToRestore = undefined;
  }

  /** Says that the data could not be had; a card that is already shown stays below. */
  fail(message: string, hint?: string): void {
    const text = h(
      'div',
      {},
      h('p', {}, cut(message, 1000)),
      hint !== undefined && h('p', { class: 'muted' }, cut(hint, 1000)),
    );
    this.#root.querySelector('#card-failure')?.remove();
    this.#root.prepend(
      h('div', { id: 'card-failure', class: 'callout callout-error', role: 'alert' }, icon('failed'), text),
    );
  }

  #render(): void {
    if (this.#card === undefined) return;
    this.#root.querySelector('#card-failure')?.remove();
    this.#root.querySelector('#card-loading')?.remove();
    const next = cardView({
      card: this.#card,
      state: this.#state,
      host: this.#host.kind,
      charts: this.#charts,
    });
    const current = this.#root.querySelector('#card');
    if (current === null) this.#root.append(next);
    else morph(current, next);
    this.#charts.drawAll(this.#root);
  }

  #set(state: UiState, render = true): void {
    this.#state = state;
    this.#host.save(state);
    if (render) this.#render();
  }

  #listen(): void {
    this.#root.addEventListener('click', (event) => this.#onClick(event));
    this.#root.addEventListener('change', (event) => this.#onChange(event));
    this.#root.addEventListener('keydown', (event) => this.#onKey(event));
    this.#root.addEventListener('toggle', (event) => this.#onToggle(event), true);
    this.#root.addEventListener('beforematch', (event) => this.#onMatch(event));
    let waiting: ReturnType<typeof setTimeout> | undefined;
    window.addEventListener(
      'scroll',
      () => {
        clearTimeout(waiting);
        waiting = setTimeout(
          () => this.#set({ ...this.#state, scroll: Math.round(window.scrollY) }, false),
          150,
        );
      },
      { passive: true },
    );
  }

  #onClick(event: Event): void {
    const target = event.target instanceof Element ? event.target.closest('[data-action]') : null;
    if (target === null) return;
    const value = target.getAttribute('data-value') ?? '';
    const actions: Readonly<Record<string, () => void>> = {
      tab: () => this.#set(withField(this.#state, 'tab', value)),
      sort: () => this.#sort(value),
      copy: () => this.#copy(target),
      copyFound: () => this.#copyFound(target),
      trial: () => this.#follow(value),
      cancel: () => this.#host.post({ type: 'cancel' }),
      resume: () => this.#host.post({ type: 'resume' }),
      openLog: () => this.#host.post({ type: 'openLog', path: value }),
    };
    actions[target.getAttribute('data-action') ?? '']?.();
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

  #copyFound(button: Element): void {
    void copyText(this.#card?.tuning?.command ?? '', this.#root.querySelector('#found-command'));
    sayCopied(button);
  }

  #copy(button: Element): void {
    const command = this.#card?.command ?? '';
    if (this.#host.kind === 'vscode') this.#host.post({ type: 'copyCommand' });
    else void copyText(command, this.#root.querySelector('#command'));
    sayCopied(button);
  }

  #onChange(event: Event): void {
    const field = event.target instanceof Element ? event.target.getAttribute('data-field') : null;
    if (
      field === null ||
      !(event.target instanceof HTMLSelectElement || event.target instanceof HTMLInputElement)
    )
      return;
    this.#set(withField(this.#state, field, event.target.value));
  }

  /** Arrow keys move between tabs, as the pattern for tabs has it. */
  #onKey(event: KeyboardEvent): void {
    if (!(event.target instanceof Element) || event.target.getAttribute('role') !== 'tab') return;
    const all = this.#card === undefined ? [] : tabNames(this.#card);
    const at = all.findIndex((tab) => event.target instanceof Element && event.target.id === `tab-${tab}`);
    const step = KEYS[event.key];
    const to =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? all.length - 1
          : step === undefined
            ? undefined
            : (at + step + all.length) % all.length;
    const tab = to === undefined ? undefined : all[to];
    if (tab === undefined) return;
    event.preventDefault();
    this.#set({ ...this.#state, tab });
    document.getElementById(`tab-${tab}`)?.focus();
  }

  #onToggle(event: Event): void {
    const id = event.target instanceof HTMLDetailsElement ? event.target.getAttribute('data-details') : null;
    if (id === null || !(event.target instanceof HTMLDetailsElement)) return;
    this.#set({ ...this.#state, open: { ...this.#state.open, [id]: event.target.open } }, false);
    this.#charts.drawAll(this.#root);
  }

  /** The browser's own search found text in a hidden tab. */
  #onMatch(event: Event): void {
    const panel = event.target instanceof Element ? event.target.closest('[role=tabpanel]') : null;
    if (panel !== null) this.#set(withField(this.#state, 'tab', panel.id.replace('panel-', '')));
  }
}

function sayCopied(button: Element): void {
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}
