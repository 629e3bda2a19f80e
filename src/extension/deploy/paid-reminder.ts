import * as vscode from 'vscode';
import { isPast } from '../../protocol/is-past.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import type { EndpointList, ShownAtAws } from '../endpoints/endpoint-list.ts';
import { shortCapacity, spanText } from './aws-text.ts';

const REMINDED = 'recsys.remindedOfCosts';

/** An endpoint that costs by the hour, or whose time is over. */
export function isPaid({ endpoint: { state, capacity, expires } }: ShownAtAws, now: number): boolean {
  const isUp = state === 'inService' || state === 'deploying';
  return isUp && (capacity?.type === 'instances' || isPast(expires, now));
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
  const text = reminderText(paid, now);
  const chosen = await vscode.window.showWarningMessage(escapeLinks(text), show, remove);
  if (chosen === show) await vscode.commands.executeCommand('recsys.endpoints.focus');
  if (chosen !== remove) return;
  const [only] = paid;
  await vscode.commands.executeCommand('recsys.deleteEndpoint', paid.length === 1 ? only : undefined);
}

/** What a clock at AWS was to take away may be gone: nobody has asked. */
function reminderText(all: readonly ShownAtAws[], now: number): string {
  const told = (some: readonly ShownAtAws[]): string => some.map((one) => words(one, now)).join(', ');
  const [struck, paid] = [
    all.filter((one) => hasStruck(one, now)),
    all.filter((one) => !hasStruck(one, now)),
  ];
  return [
    ...(paid.length === 0 ? [] : [vscode.l10n.t('Paid by the hour at AWS: {0}.', told(paid))]),
    ...(struck.length === 0
      ? []
      : [vscode.l10n.t('To be taken away by a clock at AWS, and not cleared here yet: {0}.', told(struck))]),
  ].join(' ');
}

function hasStruck({ endpoint: { clock, expires } }: ShownAtAws, now: number): boolean {
  return clock === true && isPast(expires, now);
}

function words({ endpoint: { name, capacity, since, expires } }: ShownAtAws, now: number): string {
  const facts = [
    ...(capacity === undefined ? [] : [shortCapacity(capacity)]),
    ...(since === undefined ? [] : [vscode.l10n.t('for {0}', spanText(now - Date.parse(since)))]),
    ...(isPast(expires, now) ? [vscode.l10n.t('its time is over')] : []),
  ];
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}
