import * as vscode from 'vscode';
import type { NeighbourReply } from '../../protocol/engine.ts';
import type { Answering } from '../answering/answering-models.ts';
import { answeringText } from '../answering/answering-text.ts';
import type { Services } from '../services.ts';
import { escapeIcons, oneLine } from '../../protocol/text/escape.ts';
import { formatMetric } from '../text/format.ts';
import { openExplorer } from './open-explorer.ts';
import { runReferenceOf, type Target } from './pick-run.ts';

const SHOWN_NEIGHBOURS = 20;
/** Chosen instead of an item. */
const EXPLORE: unique symbol = Symbol('explore');

/** *Find Neighbours*: an item is typed, its neighbours are listed; choosing one goes on with that item. */
export async function findNeighbours(services: Services, { argument }: Target): Promise<void> {
  const run = runReferenceOf(argument);
  const answering = run === undefined ? await services.answering.require() : undefined;
  const item = await vscode.window.showInputBox({
    title: vscode.l10n.t('RecSys: Find Neighbours'),
    prompt: vscode.l10n.t('An item as the data name it; several columns are joined by |||'),
    placeHolder: 'Aphex Twin|||Xtal',
  });
  // What is typed may have blanks around it; the names of items are what they are.
  const typed = item?.trim() ?? '';
  if (typed !== '') await walkNeighbours(services, typed, answering ?? { run: { folder: run ?? '' } });
}

/** Whose model answers: the one of the rule or the choice, or that of a run that was named, which may be any. */
type Answerer = Answering | { readonly run: { readonly folder: string } };

/** Lists the neighbours of an item, then of one of these, and so on. */
export async function walkNeighbours(services: Services, start: string, answerer: Answerer): Promise<void> {
  const asked = {
    run: answerer.run.folder,
    ...('model' in answerer ? { model: answerer.model } : {}),
    k: SHOWN_NEIGHBOURS,
  };
  let item: string | typeof EXPLORE | undefined = start;
  while (typeof item === 'string') {
    const reply: NeighbourReply = await services.stores.request('neighbours/query', { ...asked, item });
    item = await showNeighbours(reply, 'model' in answerer ? answeringText(answerer) : reply.model);
    if (item !== EXPLORE) continue;
    const { folder: run } = answerer.run;
    return openExplorer(services, { argument: { item: reply.query, run, model: reply.model }, rows: [] });
  }
}

interface Row extends vscode.QuickPickItem {
  readonly item: string | typeof EXPLORE;
}

/** @returns the item that was chosen, or that this one is to be explored */
async function showNeighbours(
  reply: NeighbourReply,
  answerer: string,
): Promise<string | typeof EXPLORE | undefined> {
  const items = reply.neighbours.map((neighbour, index): Row => ({
    label: `${index + 1}. ${escapeIcons(neighbour.item)}`,
    description: formatMetric(neighbour.score),
    item: neighbour.item,
  }));
  const explore: Row = {
    label: `$(compass) ${vscode.l10n.t('Open in Explorer')}`,
    item: EXPLORE,
  };
  const chosen = await vscode.window.showQuickPick([...items, explore], {
    title: vscode.l10n.t('Neighbours of {0} · {1}', oneLine(reply.query, 80), answerer),
    placeHolder:
      items.length < reply.asked
        ? vscode.l10n.t('The model relates no others. Choose an item to see its own neighbours')
        : vscode.l10n.t('Choose an item to see its own neighbours'),
  });
  return chosen?.item;
}
