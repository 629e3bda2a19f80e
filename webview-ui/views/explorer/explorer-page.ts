/** The living explorer: what is asked, when and once; and what is kept. */
import type { EngineReply } from '../../../src/protocol/engine.ts';
import type { ListFilter, ModelReference } from '../../../src/protocol/engine/explorer.ts';
import type { explorerPanel, ExplorerState } from '../../../src/protocol/panels/explorer.ts';
import type { ParamsOf, PayloadOf, RequestName, ReplyOf } from '../../../src/protocol/panels/contract.ts';
import { alert } from '../../kit/alert.ts';
import { h } from '../../kit/element.ts';
import type { Child } from '../../kit/element.ts';
import { RequestFailed } from '../../kit/request-failed.ts';
import type { Page, View } from '../../kit/mount.ts';
import type { Answer, Answers, ExplorerActions, ExplorerContext, RunModels } from './explorer-context.ts';
import {
  answeredBy,
  firstPages,
  initialState,
  openList,
  pin,
  shownItem,
  step,
  unpin,
  visit,
} from './explorer-state.ts';
import { explorerView } from './explorer-view.ts';
import { NEIGHBOURS } from './item-tab.ts';
import { Latest } from './latest.ts';
import { RECOMMENDATIONS } from './list-tab.ts';
import { QUERIES_SHOWN } from './queries-tab.ts';
import { SEQUENCES_SHOWN } from './sequences.ts';

type Contract = typeof explorerPanel;
/** Milliseconds without a change before a list is asked for anew. */
const PAUSE_MS = 120;
const SCROLL_SETTLED_MS = 150;
const FOUND = 12;

export class ExplorerPage implements View<Contract> {
  readonly #page: Page<Contract>;
  #state: ExplorerState;
  #runs: PayloadOf<Contract, 'runs'> | undefined;
  #failure: PayloadOf<Contract, 'failed'> | undefined;
  #said = '';
  /** The list that the extension was told last. */
  #keptList: readonly string[] = initialState.list;
  /** Where the page was before it was loaded anew; until its answers are drawn it is too short to go there. */
  #scrollToRestore: number | undefined;
  readonly #changed = (): void => {
    this.#page.redraw();
    this.#restoreScroll();
  };
  readonly #models = new Latest<RunModels>(this.#changed);
  readonly #besideModels = new Latest<RunModels>(this.#changed);
  readonly #item = new Latest<EngineReply<'explorer/item'>>(this.#changed);
  readonly #neighbours = new Latest<EngineReply<'explorer/list'>>(this.#changed);
  readonly #sequences = new Latest<EngineReply<'explorer/sequences'>>(this.#changed);
  readonly #recommendations = new Latest<EngineReply<'explorer/list'>>(this.#changed);
  readonly #why = new Latest<EngineReply<'explorer/why'>>(this.#changed);
  readonly #queries = new Latest<EngineReply<'explorer/queries'>>(this.#changed);

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
    runs: (runs) => this.#take(runs),
    show: (shown) => this.#show(shown),
    failed: (failure) => {
      this.#failure = failure;
      this.#page.redraw();
    },
  };

  draw(): Child[] {
    const failure = this.#failure;
    return [
      failure !== undefined && alert(failure.message, failure.hint),
      explorerView(this.#context),
      h('p', { class: 'hidden-text', role: 'status' }, this.#said),
    ];
  }

  get #context(): ExplorerContext {
    const { host } = this.#page;
    return {
      runs: this.#runs?.runs,
      asked: this.#asked,
      state: this.#state,
      answers: this.#answers,
      text: (name, ...values) => host.text(name, ...values),
      actions: this.#actions,
    };
  }

  get #answers(): Answers {
    return {
      models: this.#models,
      besideModels: this.#besideModels,
      item: this.#item,
      neighbours: this.#neighbours,
      sequences: this.#sequences,
      recommendations: this.#recommendations,
      why: this.#why,
      queries: this.#queries,
    };
  }

  /** What was chosen, as long as its run is there; else what answers where nothing is. */
  get #asked(): ModelReference {
    const { asked } = this.#state;
    const isThere = this.#runs?.runs.some(({ id }) => id === asked?.run) !== false;
    return asked !== undefined && isThere ? asked : (this.#runs?.answering ?? {});
  }

  #take(runs: PayloadOf<Contract, 'runs'>): void {
    const isFirst = this.#runs === undefined;
    const before = JSON.stringify(this.#asked);
    this.#runs = runs;
    this.#failure = undefined;
    if (!isFirst && JSON.stringify(this.#asked) !== before) this.#set(firstPages(this.#state));
    else this.#update();
    this.#restoreScroll();
  }

  #restoreScroll(): void {
    const scroll = this.#scrollToRestore;
    if (scroll === undefined || this.#runs === undefined) return;
    if (this.#shownAnswers.some(({ isWaiting }) => isWaiting)) return;
    this.#scrollToRestore = undefined;
    window.scrollTo(0, scroll);
  }

  get #shownAnswers(): readonly Answer<unknown>[] {
    switch (this.#state.tab) {
      case 'item':
        return [this.#item, this.#neighbours, this.#sequences];
      case 'list':
        return [this.#recommendations, this.#why];
      case 'queries':
        return [this.#queries];
    }
  }

  #show({ item, items, run, model }: PayloadOf<Contract, 'show'>): void {
    this.#scrollToRestore = undefined;
    let state = this.#state;
    if (run !== undefined)
      state = answeredBy(state, { asked: { run, ...(model === undefined ? {} : { model }) } });
    if (items !== undefined) state = openList(state, items);
    if (item !== undefined) state = visit(state, item);
    this.#set(state);
  }

  #set(state: ExplorerState): void {
    this.#state = state;
    this.#failure = undefined;
    this.#page.host.keep(state);
    this.#update();
  }

  /** Asks for what the shown part needs and has not, and draws. */
  #update(): void {
    this.#keepList();
    if (this.#runs !== undefined && this.#runs.runs.length > 0) this.#ask();
    this.#page.redraw();
  }

  /** Maps draw the list; where that cannot be, nothing else is hindered. */
  #keepList(): void {
    const { list } = this.#state;
    if (this.#runs === undefined || list.join('\n') === this.#keptList.join('\n')) return;
    this.#keptList = list;
    this.#page.host.request('keepList', { items: list }).catch((error: unknown) => {
      if (!(error instanceof RequestFailed)) throw error;
    });
  }

  #ask(): void {
    const { tab, beside } = this.#state;
    const asked = this.#asked;
    this.#want(this.#models, 'models', runOf(asked));
    if (beside !== undefined) this.#want(this.#besideModels, 'models', runOf(beside));
    if (tab === 'item') this.#askItem(asked);
    else if (tab === 'list') this.#askList(asked);
    else this.#askQueries(asked);
  }

  #askItem(asked: ModelReference): void {
    const item = shownItem(this.#state);
    if (item === undefined) return;
    const { sequencesFrom: from, part } = this.#state;
    this.#want(this.#item, 'item', { item, ...asked });
    const question = { kind: 'neighbours', item } as const;
    this.#want(
      this.#neighbours,
      'list',
      { question, models: this.#both(asked), k: NEIGHBOURS, filter: this.#filter },
      PAUSE_MS,
    );
    const partOf = part === undefined ? {} : { part };
    this.#want(this.#sequences, 'sequences', { item, ...asked, ...partOf, from, limit: SEQUENCES_SHOWN });
  }

  #askList(asked: ModelReference): void {
    const { list, keepSeen, why } = this.#state;
    if (list.length === 0) return this.#recommendations.forget();
    const question = { kind: 'recommend', items: list, keepSeen, explain: true } as const;
    const models = this.#both(asked);
    this.#want(
      this.#recommendations,
      'list',
      { question, models, k: RECOMMENDATIONS, filter: this.#filter },
      PAUSE_MS,
    );
    const by = why?.by === 'beside' ? this.#state.beside : asked;
    if (why !== undefined && by !== undefined)
      this.#want(this.#why, 'why', { items: list, item: why.item, keepSeen, ...by }, PAUSE_MS);
  }

  #askQueries(asked: ModelReference): void {
    const { slice, outcome, queriesFrom: from } = this.#state;
    const cut = slice === undefined ? {} : { slice };
    this.#want(
      this.#queries,
      'queries',
      { models: this.#both(asked), ...cut, outcome, from, limit: QUERIES_SHOWN },
      PAUSE_MS,
    );
  }

  #both(asked: ModelReference): ModelReference[] {
    const { beside } = this.#state;
    return beside === undefined ? [asked] : [asked, beside];
  }

  get #filter(): ListFilter {
    const { exclude, fold, minRows, maxRows } = this.#state;
    return {
      ...{ exclude, fold },
      ...(minRows === undefined ? {} : { minRows }),
      ...(maxRows === undefined ? {} : { maxRows }),
    };
  }

  #want<M extends RequestName<Contract>>(
    latest: Latest<ReplyOf<Contract, M>>,
    method: M,
    params: ParamsOf<Contract, M>,
    pause = 0,
  ): void {
    // What is asked for first need not wait for another question.
    const delay = latest.value === undefined ? 0 : pause;
    latest.ask(JSON.stringify(params), (signal) => this.#page.host.request(method, params, signal), delay);
  }

  readonly #actions: ExplorerActions = {
    visit: (item) => {
      this.#set(visit(this.#state, item));
      window.scrollTo(0, 0);
    },
    pin: (item) => this.#set(pin(this.#state, item)),
    unpin: (item) => this.#set(unpin(this.#state, item)),
    openList: (items) => {
      this.#set(openList(this.#state, items));
      window.scrollTo(0, 0);
    },
    openCard: (run) => this.#do(this.#page.host.request('openCard', { run })),
    openMap: (run, model) =>
      this.#do(this.#page.host.request('openMap', model === undefined ? { run } : { run, model })),
    change: (change) => this.#set(change(this.#state)),
    search: (text, signal) =>
      this.#page.host.request('search', { text, limit: FOUND, ...this.#asked }, signal),
    tryAgain: () => {
      for (const answer of [
        this.#models,
        this.#besideModels,
        this.#item,
        this.#neighbours,
        this.#sequences,
        this.#recommendations,
        this.#why,
        this.#queries,
      ])
        if (answer.failure !== undefined) answer.again();
      this.#update();
    },
    say: (what) => {
      this.#said = what;
      this.#page.redraw();
    },
  };

  #do(asked: Promise<unknown>): void {
    asked.catch((error: unknown) => {
      if (!(error instanceof RequestFailed)) throw error;
      this.on.failed({ message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) });
    });
  }

  #listen(): void {
    // Before the page's own parts, and before VS Code, which may have these keys for its own going back.
    window.addEventListener('keydown', (event) => this.#walkByKey(event), true);
    // Who does anything is where they want to be.
    for (const event of ['wheel', 'keydown', 'pointerdown'] as const)
      window.addEventListener(event, () => (this.#scrollToRestore = undefined), {
        capture: true,
        passive: true,
      });
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const settle = (): void => {
      if (this.#scrollToRestore !== undefined) return;
      this.#state = { ...this.#state, scroll: Math.round(window.scrollY) };
      this.#page.host.keep(this.#state);
    };
    window.addEventListener(
      'scroll',
      () => {
        clearTimeout(waiting);
        waiting = setTimeout(settle, SCROLL_SETTLED_MS);
      },
      { passive: true },
    );
  }

  #walkByKey(event: KeyboardEvent): void {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    // There they move by words on macOS.
    if (isTextField(event.target)) return;
    const next = step(this.#state, event.key === 'ArrowLeft' ? -1 : 1);
    if (next === this.#state) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#set(next);
  }
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio';
}

function runOf({ run }: ModelReference): { run?: string } {
  return run === undefined ? {} : { run };
}
