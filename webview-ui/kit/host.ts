/** The page's side of a panel: in a VS Code webview, or in a browser as a file of its own. */
import type { PageMessage } from '../../src/protocol/panels/messages.ts';
import { HostMessage, describeProblem } from '../../src/protocol/panels/messages.ts';
import type {
  KeyOf,
  PanelContract,
  ParamsOf,
  ReplyOf,
  RequestName,
  StateOf,
  StringName,
} from '../../src/protocol/panels/contract.ts';
import { SETUP_ELEMENT } from '../../src/protocol/panels/setup-element.ts';
import { KeptState, PanelSetup } from '../../src/protocol/panels/setup.ts';
import { RequestFailed } from './request-failed.ts';
import { pageStore } from './page-store.ts';
import type { PageStore } from './page-store.ts';

type Answer = Extract<HostMessage, { type: 'reply' | 'failure' }>;

interface Waiting {
  readonly method: string;
  readonly settle: (message: Answer) => void;
}

/** An event as it arrived, its payload not yet checked. */
export interface RawEvent {
  readonly name: string;
  readonly payload: unknown;
}

export class PanelHost<C extends PanelContract> {
  readonly kind: 'vscode' | 'file';
  readonly #contract: C;
  readonly #store: PageStore;
  readonly #setup: PanelSetup;
  readonly #waiting = new Map<number, Waiting>();
  /** Their replies may still be on the way. */
  readonly #cancelled = new Set<number>();
  #nextId = 0;

  constructor(contract: C) {
    this.#contract = contract;
    this.#setup = readSetup();
    this.#store = pageStore(contract.name);
    this.kind = this.#store.kind;
  }

  /** What the panel is about; undefined in a file. */
  get key(): KeyOf<C> | undefined {
    const key = this.#contract.key.safeParse(this.#setup.key);
    return key.success ? (key.data as KeyOf<C>) : undefined;
  }

  /** A text of the page, translated where the extension has a translation. */
  text(name: StringName<C>, ...values: readonly string[]): string {
    const text = this.#setup.strings[name] ?? this.#contract.strings[name] ?? name;
    return text.replace(/\{(\d)\}/g, (whole, index) => values[Number(index)] ?? whole);
  }

  /** What the page kept over a reload; undefined where that is nothing, or of an earlier version. */
  kept(): StateOf<C> | undefined {
    const kept = KeptState.safeParse(this.#store.load());
    if (!kept.success || kept.data.version !== this.#contract.version) return undefined;
    const state = this.#contract.state.safeParse(kept.data.state);
    return state.success ? (state.data as StateOf<C>) : undefined;
  }

  /** The key is kept too: with it the extension restores the panel. */
  keep(state: StateOf<C>): void {
    this.#store.save({ version: this.#contract.version, key: this.#setup.key, state });
  }

  /**
   * Asks the extension.
   * @param signal ends the waiting, and tells the extension so
   * @throws RequestFailed with what the extension says is wrong
   */
  request<M extends RequestName<C>>(
    method: M,
    params: ParamsOf<C, M>,
    signal?: AbortSignal,
  ): Promise<ReplyOf<C, M>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.delete(id);
        this.#cancelled.add(id);
        this.#post({ type: 'cancel', id });
        reject(new RequestFailed('The page no longer waits.', undefined));
      };
      this.#waiting.set(id, {
        method,
        settle: (message) => {
          signal?.removeEventListener('abort', cancel);
          if (message.type === 'failure') reject(new RequestFailed(message.message, message.hint));
          else resolve(message.value as ReplyOf<C, M>);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.#post({ type: 'request', id, method, params });
    });
  }

  /** Takes messages from now on, says so, and gives the events that the page was made with. */
  listen(receive: (event: RawEvent) => void): void {
    // In a browser any page that opens this one could send messages; only VS Code's are wanted.
    if (this.kind === 'vscode')
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#receive(data, receive));
    for (const event of this.#setup.events) receive(event);
    this.#post({ type: 'ready', version: this.#contract.version });
  }

  /** Says what is wrong with something that was received. */
  report(what: string, value: unknown, error?: Parameters<typeof describeProblem>[2]): void {
    this.#post({ type: 'problem', message: describeProblem(what, value, error) });
  }

  #receive(data: unknown, receive: (event: RawEvent) => void): void {
    const message = HostMessage.safeParse(data);
    if (!message.success) this.report('not a message of the panel', data, message.error);
    else if (message.data.type === 'event') receive(message.data);
    else if (message.data.type !== 'problem') this.#settle(message.data);
  }

  #settle(message: Answer): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) {
      if (!this.#cancelled.delete(message.id)) this.report('an answer to no request', message);
      return;
    }
    this.#waiting.delete(message.id);
    waiting.settle(this.#checked(waiting.method, message));
  }

  /** A reply of another form than agreed is a failure. */
  #checked(method: string, message: Answer): Answer {
    if (message.type === 'failure') return message;
    const reply = this.#contract.requests[method]?.reply.safeParse(message.value);
    if (reply?.success === true) return message;
    this.report(`not a reply to ${method}`, message.value, reply?.error);
    return { type: 'failure', id: message.id, message: 'The answer of the extension cannot be read.' };
  }

  #post(message: PageMessage): void {
    this.#store.post(message);
  }
}

/** @throws Error when the page was made without its setup */
function readSetup(): PanelSetup {
  return PanelSetup.parse(JSON.parse(document.getElementById(SETUP_ELEMENT)?.textContent ?? 'null'));
}
