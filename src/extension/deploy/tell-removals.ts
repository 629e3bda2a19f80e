import * as vscode from 'vscode';
import type { RemovalReport } from '../../protocol/aws.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import type { EndpointList, ShownAtAws } from '../endpoints/endpoint-list.ts';
import { showWithButtons } from '../remedies.ts';

/** What went, what stays, and why. */
export function tellRemovals(reports: readonly RemovalReport[]): void {
  const removed = reports.flatMap((report) => report.removed);
  const remaining = reports.flatMap((report) =>
    report.remaining.map(({ piece, why }) => `${piece} (${why})`),
  );
  const skipped = reports.flatMap(({ endpoint, skipped: why }) =>
    why === undefined ? [] : [`${endpoint}: ${why}`],
  );
  const left = reports.flatMap((report) => report.left);
  const sentences = [
    removed.length === 0
      ? vscode.l10n.t('There was nothing to take away.')
      : vscode.l10n.t('Taken away: {0}.', removed.join(', ')),
    ...(left.length === 0 ? [] : [vscode.l10n.t('Left, as others use it: {0}.', left.join(', '))]),
    ...(remaining.length === 0
      ? []
      : [vscode.l10n.t('Still there: {0}. Sweep again later.', remaining.join(', '))]),
    ...(skipped.length === 0 ? [] : [vscode.l10n.t('Not looked at: {0}', skipped.join(' '))]),
  ];
  const text = escapeLinks(sentences.join(' '));
  if (remaining.length + skipped.length === 0) void vscode.window.showInformationMessage(text);
  else void vscode.window.showWarningMessage(text);
}

/** One that was cut off while no window was open, or did not come through with all. Returns at once. */
export function tellLeftRemoval(shown: ShownAtAws): void {
  const { failure, removal } = shown.endpoint;
  const text = [failure?.message ?? '', failure?.hint ?? ''].join(' ');
  const command = removal?.of === 'front' ? 'recsys.deleteFront' : 'recsys.deleteEndpoint';
  const press = (): unknown => vscode.commands.executeCommand(command, shown);
  showWithButtons(escapeLinks(text), [{ title: vscode.l10n.t('Delete…'), press }]);
}

/** What is left of a removal that this window has told of itself is no news to the next one. */
export async function markTold(list: EndpointList, { store, id }: ShownAtAws): Promise<void> {
  await list.look();
  const { removal } = list.atAws.find((one) => one.store === store && one.id === id)?.endpoint ?? {};
  if (removal !== undefined) await store.engine.request('endpoints/tell', { id: removal.id });
}
