/** Entry of every view: the host, checked events, drawing, and a page that outlives what goes wrong in any of them. */
import { render } from 'preact';
import * as z from 'zod/mini';
import type { EventName, PanelContract, PayloadOf } from '../../src/protocol/panels/contract.ts';
import { alert } from './alert.ts';
import { h } from './element.ts';
import type { Child } from './element.ts';
import { PanelHost } from './host.ts';
import type { RawEvent } from './host.ts';

// Without this zod tries `new Function`, which the content security policy forbids and reports.
z.config({ jitless: true });

/** Written as a method, so that a handler of one payload counts as one. */
type AnyHandler = { handle(payload: unknown): void }['handle'];

export interface View<C extends PanelContract> {
  /** The whole page, from what the view knows now. */
  draw(): readonly Child[];
  readonly on: { readonly [E in EventName<C>]: (payload: PayloadOf<C, E>) => void };
  /** An event whose payload the contract does not allow; the view may say so. */
  refused?(event: string): void;
}

export interface Page<C extends PanelContract> {
  readonly host: PanelHost<C>;
  readonly root: HTMLElement;
  /** Draws at once what the view has to show now. */
  readonly redraw: () => void;
}

/** Makes the page of a view. `create` may be called once a page. */
export function mount<C extends PanelContract>(contract: C, create: (page: Page<C>) => View<C>): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  const host = new PanelHost(contract);
  const page: Page<C> = { host, root, redraw: () => draw(root, host, view) };
  const view = create(page);
  page.redraw();
  host.listen((event) => receive(contract, host, view, event));
}

function receive<C extends PanelContract>(
  contract: C,
  host: PanelHost<C>,
  view: View<C>,
  { name, payload }: RawEvent,
): void {
  const schema = Object.hasOwn(contract.events, name) ? contract.events[name] : undefined;
  const checked = schema?.safeParse(payload);
  if (checked?.success !== true) {
    host.report(
      schema === undefined ? `no event ${name}` : `not a payload of ${name}`,
      payload,
      checked?.error,
    );
    view.refused?.(name);
    return;
  }
  // Its schema is the one that the handler's type follows from.
  const handlers: Readonly<Record<string, AnyHandler | undefined>> = view.on;
  try {
    handlers[name]?.(checked.data);
  } catch (error) {
    host.report(`the view failed on ${name}`, error instanceof Error ? error.message : error);
  }
}

/** A drawing that fails gives way to what went wrong; the next one starts from an empty page. */
function draw<C extends PanelContract>(root: HTMLElement, host: PanelHost<C>, view: View<C>): void {
  try {
    render(h('div', { class: 'view' }, ...view.draw()), root);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    host.report('the page cannot be drawn', message);
    root.replaceChildren();
    render(null, root);
    render(alert('This cannot be shown.', message), root);
  }
}
