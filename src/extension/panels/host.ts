/** The extension's side of one page: every message is checked both ways, and nothing from a page can end it. */
import type { EventName, PanelContract, PayloadOf } from '../../protocol/panels/contract.ts';
import type { HostMessage } from '../../protocol/panels/messages.ts';
import { PageMessage, describeProblem } from '../../protocol/panels/messages.ts';
import { messageOf } from '../../protocol/user-error.ts';
import { RequestRouter } from './router.ts';
import type { AnyHandler } from './router.ts';

export interface PageConnection {
  readonly contract: PanelContract;
  readonly handlers: Readonly<Record<string, AnyHandler | undefined>>;
  readonly post: (message: HostMessage) => PromiseLike<unknown>;
  /** The page was loaded, for the first time or again, and listens. */
  readonly onReady: () => void;
  readonly warn: (message: string) => void;
}

export class PanelPageHost {
  readonly #connection: PageConnection;
  readonly #router: RequestRouter;
  #isReady = false;
  #isClosed = false;

  constructor(connection: PageConnection) {
    this.#connection = connection;
    this.#router = new RequestRouter(connection.contract, connection.handlers, (message) =>
      this.#post(message),
    );
  }

  /** Whether there is a page that listens. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** What the page sent; never throws. */
  receive(message: unknown): void {
    if (this.#isClosed) return;
    const read = PageMessage.safeParse(message);
    if (!read.success) this.#refuse(describeProblem('not a message of the panel', message, read.error));
    else this.#obey(read.data);
  }

  #obey(message: PageMessage): void {
    switch (message.type) {
      case 'ready':
        this.#welcome(message.version);
        break;
      case 'request':
        void this.#router.route(message);
        break;
      case 'cancel':
        // A cancel may cross the reply to its request.
        this.#router.cancel(message.id);
        break;
      case 'problem':
        this.#warn(`its page says: ${message.message}`);
    }
  }

  #welcome(version: number): void {
    const { contract, onReady } = this.#connection;
    if (version !== contract.version) {
      this.#refuse(`the page is of version ${version}, the extension of version ${contract.version}`);
      return;
    }
    this.#router.cancelAll();
    this.#isReady = true;
    onReady();
  }

  /**
   * Sends an event, typed arrays as bytes.
   * @returns false where there is no page to send it to: it asks anew when it is ready
   * @throws Error when the contract does not allow the payload
   */
  send(name: string, payload: unknown): boolean {
    const { events, name: panel } = this.#connection.contract;
    const schema = Object.hasOwn(events, name) ? events[name] : undefined;
    const checked = schema?.safeParse(payload);
    if (checked?.success !== true)
      throw new Error(
        describeProblem(`the panel ${panel} has no such event ${name}`, payload, checked?.error),
      );
    if (!this.#isReady) return false;
    this.#post({ type: 'event', name, payload: checked.data });
    return true;
  }

  /** VS Code unloads the page of a hidden panel; it says so when it is loaded again. */
  unload(): void {
    this.#isReady = false;
    this.#router.cancelAll();
  }

  close(): void {
    this.unload();
    this.#isClosed = true;
  }

  #refuse(problem: string): void {
    this.#warn(problem);
    this.#post({ type: 'problem', message: problem });
  }

  #warn(problem: string): void {
    this.#connection.warn(`Panel ${this.#connection.contract.name}: ${problem}`);
  }

  #post(message: HostMessage): void {
    if (this.#isClosed) return;
    // A page that goes away meanwhile is no fault.
    Promise.resolve(this.#connection.post(message)).catch((error: unknown) => this.#warn(messageOf(error)));
  }
}

/** Sends an event that the contract knows. */
export type Send<C extends PanelContract> = <E extends EventName<C>>(
  name: E,
  payload: PayloadOf<C, E>,
) => boolean;
