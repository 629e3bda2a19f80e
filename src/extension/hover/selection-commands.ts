/** What is near the items of a selection, and what follows after them. */
import * as vscode from 'vscode';
import type { ReadListReply, RecommendReply } from '../../protocol/engine.ts';
import { escapeIcons, oneLine } from '../../protocol/text/escape.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Answering } from '../answering/answering-models.ts';
import { answeringText } from '../answering/answering-text.ts';
import { walkNeighbours } from '../commands/find-neighbours.ts';
import { formatMetric } from '../text/format.ts';
import type { Services } from '../services.ts';
import { fileOf } from './feature.ts';
import { readSelection, selectedText } from './read-selection.ts';
import { textAround } from './text-around.ts';

const RECOMMENDED = 20;

interface Selected {
  readonly answering: Answering;
  readonly read: ReadListReply;
}

/** *Neighbours of Selection*: of one item at once, of several after choosing which. */
export async function neighboursOfSelection(services: Services): Promise<void> {
  const selected = await itemsOfSelection(services);
  if (selected === undefined) return;
  const items = [...new Set(selected.read.items)];
  const item = items.length === 1 ? items[0] : await chooseItem(items, selected);
  if (item !== undefined) await walkNeighbours(services, item, selected.answering);
}

/** *Recommend from Selection*: the selection is a list of items, the oldest first. */
export async function recommendFromSelection(services: Services): Promise<void> {
  const selected = await itemsOfSelection(services);
  if (selected === undefined) return;
  const { answering, read } = selected;
  // What was not read is the newest, which matters most.
  if (read.truncated) throw tooManyParts();
  const asked = { run: answering.run.folder, model: answering.model, items: read.items, k: RECOMMENDED };
  const reply = await services.stores.request('recommend/query', {
    ...asked,
    keepSeen: false,
    skipUnknown: true,
  });
  const item = await showRecommended(reply, answering, read);
  if (item !== undefined) await walkNeighbours(services, item, answering);
}

function tooManyParts(): UserError {
  return new UserError(
    vscode.l10n.t('The selection has too many parts that name no item to be read to its end.'),
    vscode.l10n.t('Select fewer lines, or only those of which most name items.'),
  );
}

/**
 * @returns undefined where a person cancelled it
 * @throws {UserError} where nothing of the selection is an item
 */
async function itemsOfSelection({ stores, answering: models }: Services): Promise<Selected | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined)
    throw new UserError(
      vscode.l10n.t('No editor shows a text.'),
      vscode.l10n.t('Select items in a file, then try again.'),
    );
  const answering = await models.require(fileOf(editor.document));
  const asked = { run: answering.run.folder, model: answering.model };
  const selected = selectedText(editor);
  if (selected.text.trim() === '') return { answering, read: await itemAtPointer(stores, asked, editor) };
  const read = await readSelection(stores, asked, selected);
  if (read === undefined) return undefined;
  if (read.items.length === 0) throw read.truncated ? tooManyParts() : noItems(read);
  return { answering, read };
}

async function itemAtPointer(
  stores: Services['stores'],
  asked: { readonly run: string; readonly model: string },
  { document, selection }: vscode.TextEditor,
): Promise<ReadListReply> {
  const { place } = textAround(document, selection.active);
  const { at, items: _, ...answered } = await stores.request('items/hover', { ...asked, place, k: 1 });
  const read = {
    ...answered,
    items: at.kind === 'item' ? [at.item] : [],
    unknown: at.kind === 'unknown' ? [at.name] : [],
    truncated: false,
  };
  if (read.items.length === 0) throw noItems(read);
  return read;
}

function noItems({ unknown: [first] }: ReadListReply): UserError {
  return new UserError(
    first === undefined
      ? vscode.l10n.t('Nothing that is selected is an item of the model that answers.')
      : vscode.l10n.t('No item is called ‘{0}’.', oneLine(first, 80)),
    vscode.l10n.t(
      'Select items as the data name them, or choose another model with “RecSys: Choose Answering Model”.',
    ),
  );
}

async function chooseItem(
  items: readonly string[],
  { read, answering }: Selected,
): Promise<string | undefined> {
  const rows = items.map((item) => ({ label: escapeIcons(item), item }));
  const chosen = await vscode.window.showQuickPick(rows, {
    title: read.truncated
      ? vscode.l10n.t(
          'Neighbours of which item · {0} · the end of the selection was not read',
          answeringText(answering),
        )
      : vscode.l10n.t('Neighbours of which item · {0}', answeringText(answering)),
    placeHolder: unknownText(read) ?? vscode.l10n.t('{0} items are selected', items.length),
  });
  return chosen?.item;
}

async function showRecommended(
  reply: RecommendReply,
  answering: Answering,
  read: ReadListReply,
): Promise<string | undefined> {
  const items = reply.recommendations.map(({ item, score, answeredBy }, at) => ({
    label: `${at + 1}. ${escapeIcons(item)}`,
    description: [
      score === null ? '' : formatMetric(score),
      answeredBy === 'popularity' ? vscode.l10n.t('by popularity') : '',
    ].join(' '),
    item,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('After {0} items · {1}', reply.query.length, answeringText(answering)),
    placeHolder:
      reply.answeredBy === 'popularity'
        ? vscode.l10n.t('The model knows none of these items: popularity answers')
        : (unknownText(read) ?? vscode.l10n.t('Choose an item to see its neighbours')),
  });
  return chosen?.item;
}

function unknownText({ unknown }: ReadListReply): string | undefined {
  const [first] = unknown;
  if (first === undefined) return undefined;
  return vscode.l10n.t('{0} parts name no item, as ‘{1}’', unknown.length, oneLine(first, 60));
}
