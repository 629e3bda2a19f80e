/** Entry of the result card, in a webview and in a file of its own. */
import * as z from 'zod/mini';
import { ToCard } from '../../src/protocol/card-messages.ts';
import { CardData } from '../../src/protocol/run-view.ts';
import { h } from '../shared/element.ts';
import { connectHost } from '../shared/host.ts';
import { CardPage } from './card-page.ts';

// Without this zod tries `new Function`, which the content security policy forbids and reports.
z.config({ jitless: true });

const root = document.getElementById('root') ?? document.body.appendChild(h('div', { id: 'root' }));
const host = connectHost();
const page = new CardPage(root, host);

/** Data written into the page (`recsys card`). */
function embeddedData(): unknown {
  const element = document.getElementById('card-data');
  return element === null ? undefined : (JSON.parse(element.textContent) as unknown);
}

function showEmbedded(data: unknown): void {
  const card = CardData.safeParse(data);
  if (card.success) page.show(card.data);
  else page.fail('The data in this file cannot be read.', 'Write the card again: recsys card <run>');
}

function receive(event: MessageEvent<unknown>): void {
  const message = ToCard.safeParse(event.data);
  if (!message.success) return;
  if (message.data.type === 'data') page.show(message.data.data);
  else page.fail(message.data.message, message.data.hint);
}

// In a browser any page that opens this one could send messages; only VS Code's are wanted.
if (host.kind === 'vscode') window.addEventListener('message', receive);

const embedded = embeddedData();
if (embedded !== undefined) showEmbedded(embedded);
host.post({ type: 'ready' });
