/** Answers what a page asks: each request once, with what the contract allows, and not when the page no longer waits. */
import { describeProblem } from '../../protocol/panels/messages.ts';
import type { HostMessage, PageMessage } from '../../protocol/panels/messages.ts';
import type { PanelContract, ParamsOf, ReplyOf, RequestName } from '../../protocol/panels/contract.ts';
import { hinted, messageOf } from '../../protocol/user-error.ts';

/** Written as a method, so that a handler of some parameters counts as one. */
export type AnyHandler = { handle(params: unknown, signal: AbortSignal): unknown }['handle'];

/** What the extension does for each request; the signal is aborted when the page no longer waits. */
export type Handlers<C extends PanelContract> = {
  readonly [M in RequestName<C>]: (
    params: ParamsOf<C, M>,
    signal: AbortSignal,
  ) => ReplyOf<C, M> | Promise<ReplyOf<C, M>>;
};

type Request = Extract<PageMessage, { type: 'request' }>;

export class RequestRouter {
  readonly #contract: PanelContract;
  readonly #handlers: Readonly<Record<string, AnyHandler | undefined>>;
  readonly #answer: (message: HostMessage) => void;
  readonly #running = new Map<number, AbortController>();

  constructor(
    contract: PanelContract,
    handlers: Readonly<Record<string, AnyHandler | undefined>>,
    answer: (message: HostMessage) => void,
  ) {
    this.#contract = contract;
    this.#handlers = handlers;
    this.#answer = answer;
  }

  /** Never throws: what goes wrong is the answer. */
  async route(request: Request): Promise<void> {
    if (this.#running.has(request.id)) {
      this.#fail(request.id, new Error(`Request ${request.id} is being answered already.`));
      return;
    }
    const controller = new AbortController();
    this.#running.set(request.id, controller);
    try {
      const value = await this.#handle(request, controller.signal);
      if (!controller.signal.aborted) this.#answer({ type: 'reply', id: request.id, value });
    } catch (error) {
      if (!controller.signal.aborted) this.#fail(request.id, error);
    } finally {
      if (this.#running.get(request.id) === controller) this.#running.delete(request.id);
    }
  }

  /** @returns whether there was such a request */
  cancel(id: number): boolean {
    const controller = this.#running.get(id);
    controller?.abort();
    this.#running.delete(id);
    return controller !== undefined;
  }

  /** The page is gone, or another was loaded: nobody waits any more. */
  cancelAll(): void {
    for (const id of [...this.#running.keys()]) this.cancel(id);
  }

  async #handle({ method, params }: Request, signal: AbortSignal): Promise<unknown> {
    const known = Object.hasOwn(this.#contract.requests, method);
    const request = known ? this.#contract.requests[method] : undefined;
    const handler = known ? this.#handlers[method] : undefined;
    if (request === undefined || handler === undefined)
      throw new Error(`The panel ${this.#contract.name} has no request ${method.slice(0, 80)}.`);
    const checked = request.params.safeParse(params);
    if (!checked.success)
      throw new Error(describeProblem(`not the parameters of ${method}`, params, checked.error));
    const reply = request.reply.safeParse(await handler(checked.data, signal));
    if (!reply.success) throw new Error(describeProblem(`not a reply to ${method}`, undefined, reply.error));
    return reply.data;
  }

  #fail(id: number, error: unknown): void {
    this.#answer({ type: 'failure', id, message: messageOf(error), ...hinted(error) });
  }
}
