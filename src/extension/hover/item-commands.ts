/** What the links of the hover do. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ITEM_SEPARATOR } from '../../protocol/item-separator.ts';
import type { Target } from '../commands/pick-run.ts';
import { dataFileOf } from '../runs/run-facts.ts';
import type { Services } from '../services.ts';
import { includeOf, patternOf } from './data-search.ts';
import type { ItemReference } from './hover-markdown.ts';

function itemOf(argument: unknown): Pick<ItemReference, 'item'> & { readonly run: string | undefined } {
  const given = typeof argument === 'object' && argument !== null ? argument : {};
  const item = 'item' in given && typeof given.item === 'string' ? given.item : '';
  return { item, run: 'run' in given && typeof given.run === 'string' ? given.run : undefined };
}

export async function copyItem({ argument }: Target): Promise<void> {
  await vscode.env.clipboard.writeText(itemOf(argument).item);
}

const TEXT_FILES = /\.(csv|tsv|txt|dat|data|inter|jsonl|ndjson|json)$/i;

/** Searches the run's data where they are text; else the whole folder. */
export async function findInData({ stores }: Services, { argument }: Target): Promise<void> {
  const { item, run: reference } = itemOf(argument);
  const run = reference === undefined ? undefined : stores.run(reference);
  const store = reference === undefined ? undefined : stores.of(reference);
  const file = run === undefined || store === undefined ? undefined : dataFileOf(run, store.site.folder);
  const isText = file !== undefined && TEXT_FILES.test(file);
  if (file !== undefined && !isText)
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The search cannot read {0}, so it looks through the other files of the folder.',
        path.basename(file),
      ),
    );
  // Columns may stand anywhere in a row: the last one tells most.
  const query = patternOf(item.split(ITEM_SEPARATOR).at(-1) ?? item);
  await vscode.commands.executeCommand('workbench.action.findInFiles', {
    ...{ query, isRegex: true, isCaseSensitive: true, triggerSearch: true },
    filesToInclude: isText ? includeOf(vscode.workspace.asRelativePath(file)) : '',
  });
}
