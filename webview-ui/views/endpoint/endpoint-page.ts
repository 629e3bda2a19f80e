/** What a person asks an endpoint, what was sent, and what it answered. */
import type {
  EndpointAnswer,
  EndpointPanelContract,
  EndpointQuery,
} from '../../../src/protocol/panels/endpoint.ts';
import { alert } from '../../kit/alert.ts';
import { copyButton } from '../../kit/copy-button.ts';
import { h } from '../../kit/element.ts';
import type { Child } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';
import type { Page, View } from '../../kit/mount.ts';
import { RequestFailed } from '../../kit/request-failed.ts';
import { answerView } from './answer-view.ts';
import { queryForm } from './query-form.ts';

type Contract = EndpointPanelContract;
type Told = Parameters<View<Contract>['on']['endpoint']>[0];

const INITIAL: EndpointQuery = { items: [], list: false, k: 10, excludeQuery: true };
/** Milliseconds without a key before names are looked for. */
const PAUSE_MS = 120;

interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
}

export class EndpointPage implements View<Contract> {
  readonly #page: Page<Contract>;
  #query: EndpointQuery;
  #told: Told | undefined;
  #answer: EndpointAnswer | undefined;
  #failure: Failure | undefined;
  #suggested: readonly string[] = [];
  #sending: AbortController | undefined;
  #searching: AbortController | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page<Contract>) {
    this.#page = page;
    this.#query = page.host.kept() ?? INITIAL;
    // The extension restores the panel by the key, which is kept with the state.
    page.host.keep(this.#query);
  }

  readonly on: View<Contract>['on'] = {
    endpoint: (told) => {
      this.#told = told;
      this.#failure = undefined;
      this.#page.redraw();
    },
    failed: (failure) => this.#fail(failure),
  };

  draw(): readonly Child[] {
    const { host } = this.#page;
    const text: typeof host.text = (name, ...values) => host.text(name, ...values);
    const told = this.#told;
    return [
      h(
        'header',
        {},
        h('h1', {}, text('title', cut(told?.name ?? '', 80))),
        told !== undefined && h('p', { class: 'muted' }, text('at', cut(told.model, 80), told.url)),
      ),
      h(
        'main',
        {},
        queryForm({
          text,
          query: this.#query,
          maxK: told?.maxK,
          suggested: this.#suggested,
          isSending: this.#sending !== undefined,
          change: (query) => this.#change(query),
          typed: (item) => this.#search(item),
          send: () => void this.#send(),
        }),
        copyButton({
          id: 'endpoint-copy',
          label: text(told?.where === 'sagemaker' ? 'copyForAws' : 'copy'),
          copied: text('copied'),
          copy: () =>
            void host.request('copy', this.#query).catch((error: unknown) => this.#fail(failureOf(error))),
        }),
        this.#failure !== undefined && alert(this.#failure.message, this.#failure.hint),
        this.#answer !== undefined && answerView(text, this.#answer),
      ),
    ];
  }

  #change(query: EndpointQuery): void {
    this.#query = query;
    this.#page.host.keep(query);
    this.#page.redraw();
  }

  #fail(failure: Failure): void {
    this.#failure = failure;
    this.#page.redraw();
  }

  #search(typed: string): void {
    clearTimeout(this.#pause);
    this.#searching?.abort();
    this.#pause = setTimeout(() => void this.#suggest(typed), PAUSE_MS);
  }

  /** Names are a help: where they cannot be had, what is typed can be sent all the same. */
  async #suggest(typed: string): Promise<void> {
    const searching = new AbortController();
    this.#searching = searching;
    const found = await this.#page.host
      .request('search', { text: typed }, searching.signal)
      .catch(() => ({ items: [] }));
    if (searching.signal.aborted) return;
    this.#suggested = found.items;
    this.#page.redraw();
  }

  async #send(): Promise<void> {
    this.#sending?.abort();
    const sending = new AbortController();
    this.#sending = sending;
    this.#failure = undefined;
    this.#page.redraw();
    try {
      this.#answer = await this.#page.host.request('send', this.#query, sending.signal);
    } catch (error) {
      if (!sending.signal.aborted) this.#failure = failureOf(error);
    } finally {
      if (this.#sending === sending) this.#sending = undefined;
      this.#page.redraw();
    }
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof RequestFailed) return { message: error.message, hint: error.hint };
  return { message: String(error) };
}
