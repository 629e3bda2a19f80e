import * as vscode from 'vscode';
import { escapeLinks } from '../../protocol/text/escape.ts';
import type { EndpointList, ShownAtAws } from '../endpoints/endpoint-list.ts';
import { shortCapacity, spanText } from './aws-text.ts';

const REMINDED = 'recsys.remindedOfCosts';

/** An endpoint that costs by the hour, or whose time is over. */
export function isPaid({ endpoint: { state, capacity, expires } }: ShownAtAws, now: number): boolean {
  const isUp = state === 'inService' || state === 'deploying';
  return isUp && (capacity?.type === 'instances' || (expires !== undefined && Date.parse(expires) <= now));
}

/** Reminds once a session of endpoints that are paid by the hour: nobody pays for what was forgotten. */
export class PaidReminder implements vscode.Disposable {
  readonly #list: EndpointList;
  readonly #memento: vscode.Memento;
  readonly #subscription: vscode.Disposable;
  readonly #began = Date.now();
  #isDone = false;

  constructor(list: EndpointList, memento: vscode.Memento) {
    this.#list = list;
    this.#memento = memento;
    this.#subscription = list.onDidChange(() => this.#look());
  }

  /** What was there before the window is called to mind; what is deployed in it needs no reminder. */
  #look(): void {
    if (this.#isDone) return;
    const now = Date.now();
    const wasThere = ({ endpoint: { since } }: ShownAtAws): boolean =>
      since !== undefined && Date.parse(since) < this.#began;
    const paid = this.#list.atAws.filter((shown) => wasThere(shown) && isPaid(shown, now));
    if (paid.length === 0) return;
    this.#isDone = true;
    // A reload of the window is the same session.
    if (this.#memento.get(REMINDED) === vscode.env.sessionId) return;
    void this.#memento.update(REMINDED, vscode.env.sessionId);
    void remind(paid, now);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

async function remind(paid: readonly ShownAtAws[], now: number): Promise<void> {
  const [show, remove] = [vscode.l10n.t('Show'), vscode.l10n.t('Delete…')];
  const text = vscode.l10n.t('Paid by the hour at AWS: {0}.', paid.map((one) => words(one, now)).join(', '));
  const chosen = await vscode.window.showWarningMessage(escapeLinks(text), show, remove);
  if (chosen === show) await vscode.commands.executeCommand('recsys.endpoints.focus');
  if (chosen !== remove) return;
  const [only] = paid;
  await vscode.commands.executeCommand('recsys.deleteEndpoint', paid.length === 1 ? only : undefined);
}

function words({ endpoint: { name, capacity, since, expires } }: ShownAtAws, now: number): string {
  const facts = [
    ...(capacity === undefined ? [] : [shortCapacity(capacity)]),
    ...(since === undefined ? [] : [vscode.l10n.t('for {0}', spanText(now - Date.parse(since)))]),
    ...(expires !== undefined && Date.parse(expires) <= now ? [vscode.l10n.t('its time is over')] : []),
  ];
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}
