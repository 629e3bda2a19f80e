import * as vscode from 'vscode';
import type { NeighbourReply } from '../../protocol/engine.ts';
import type { Services } from '../services.ts';
import { escapeIcons, oneLine } from '../../protocol/text/escape.ts';
import { formatMetric } from '../text/format.ts';
import { hasVectors } from '../runs/run-facts.ts';
import { runReferenceOf, type Target } from './pick-run.ts';

const SHOWN_NEIGHBOURS = 20;

/** *Find Neighbours*: an item is typed, its neighbours are listed; choosing one goes on with that item. */
export async function findNeighbours(services: Services, { argument }: Target): Promise<void> {
  let item = await vscode.window.showInputBox({
    title: vscode.l10n.t('RecSys: Find Neighbours'),
    prompt: vscode.l10n.t('An item as the data name it; several columns are joined by |||'),
    placeHolder: 'Aphex Twin|||Xtal',
  });
  // Of several stores, the newest run with vectors answers.
  const [newest] = services.stores.runs.filter(hasVectors).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const run = runReferenceOf(argument) ?? newest?.folder;
  while (item !== undefined && item.trim() !== '') {
    const query = { item: item.trim(), k: SHOWN_NEIGHBOURS, ...(run === undefined ? {} : { run }) };
    item = await showNeighbours(await services.stores.request('neighbours/query', query));
  }
}

/** @returns the item that was chosen */
async function showNeighbours(reply: NeighbourReply): Promise<string | undefined> {
  const items = reply.neighbours.map((neighbour, index) => ({
    label: `${index + 1}. ${escapeIcons(neighbour.item)}`,
    description: formatMetric(neighbour.score),
    item: neighbour.item,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Neighbours of {0} · {1}', oneLine(reply.query, 80), reply.model),
    placeHolder:
      items.length < reply.asked
        ? vscode.l10n.t('The model relates no others. Choose an item to see its own neighbours')
        : vscode.l10n.t('Choose an item to see its own neighbours'),
  });
  return chosen?.item;
}
