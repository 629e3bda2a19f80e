/** The items of an editor's selections. */
import * as vscode from 'vscode';
import type { EngineParams, ReadListReply } from '../../protocol/engine.ts';
import { HEADER_LETTERS } from '../../protocol/header-letters.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Stores } from '../runs/stores.ts';

const LETTERS_AT_MOST = 1_000_000;
/** What is longer may take seconds: its reading is shown, and can be cancelled. */
const QUICK_LETTERS = 20_000;

type Asked = Pick<EngineParams<'items/readList'>, 'run' | 'model'>;

/** What is selected, in the order of the document, whichever part was selected first. */
export function selectedText({
  document,
  selections,
}: Pick<vscode.TextEditor, 'document' | 'selections'>): Pick<
  EngineParams<'items/readList'>,
  'text' | 'header'
> {
  const inOrder = [...selections].sort(
    ({ start: a }, { start: b }) => a.line - b.line || a.character - b.character,
  );
  const text = inOrder.map((selection) => document.getText(selection)).join('\n');
  const [first] = inOrder;
  const hasHeader = first?.start.line === 0 && first.start.character === 0;
  return hasHeader ? { text } : { text, header: document.lineAt(0).text.slice(0, HEADER_LETTERS) };
}

/**
 * Asks for the items of a text.
 * @returns undefined where a person cancelled it
 * @throws {UserError} where the text is too long
 */
export async function readSelection(
  stores: Stores,
  asked: Asked,
  selected: ReturnType<typeof selectedText>,
): Promise<ReadListReply | undefined> {
  const { length } = selected.text;
  if (length > LETTERS_AT_MOST)
    throw new UserError(
      vscode.l10n.t('The selection is longer than a million letters.'),
      vscode.l10n.t('Select fewer items.'),
    );
  const read = (signal?: AbortSignal): Promise<ReadListReply> =>
    stores.request('items/readList', { ...asked, ...selected }, signal);
  return length <= QUICK_LETTERS ? read() : withCancelling(read);
}

async function withCancelling<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('RecSys: reading the selection'),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_, token) => {
    const cancel = new AbortController();
    const subscription = token.onCancellationRequested(() => cancel.abort());
    try {
      return await work(cancel.signal);
    } catch (error) {
      if (cancel.signal.aborted) return undefined;
      throw error;
    } finally {
      subscription.dispose();
    }
  });
}
