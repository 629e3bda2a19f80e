import * as vscode from 'vscode';
import { UserError } from '../../protocol/user-error.ts';
import type { Node } from '../runs/tree-nodes.ts';
import { showError } from '../show-error.ts';
import { COMMAND_IDS, VIEW_ONLY } from './command-ids.ts';
import type { CommandHandlers, CommandId } from './command-ids.ts';
import { fileOf } from './pick-data-file.ts';
import { isNode, type Target } from './pick-run.ts';

/**
 * Registers every command; what a handler throws is shown to the user.
 * @param selection the selected rows of the tree, for commands that a key of it starts
 */
export function registerCommands(
  handlers: CommandHandlers,
  selection: () => readonly Node[],
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registrations = COMMAND_IDS.map((id) =>
    vscode.commands.registerCommand(id, async (argument: unknown, more: unknown) => {
      try {
        requireTrust(id);
        await handlers[id](targetOf(argument, more, selection));
      } catch (error) {
        log.error(id, error instanceof Error ? error : String(error));
        if (error instanceof Error && error.cause instanceof Error) log.error(error.cause);
        showError(error, log, { file: fileOf(argument) });
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/**
 * A menu of the tree passes the row it was opened on and, where that is one of several selected rows, all of these. A key
 * passes what package.json says: `{ "selection": true }`.
 */
function targetOf(argument: unknown, more: unknown, selection: () => readonly Node[]): Target {
  if (typeof argument === 'object' && argument !== null && 'selection' in argument) {
    const rows = selection();
    return { argument: rows[0], rows };
  }
  const rows = Array.isArray(more) ? more.filter(isNode) : [];
  return { argument, rows: rows.length > 0 ? rows : isNode(argument) ? [argument] : [] };
}

/** Menus hide what needs trust; a button of a card could still ask for it. */
function requireTrust(id: CommandId): void {
  if (vscode.workspace.isTrusted || VIEW_ONLY.has(id)) return;
  throw new UserError(
    vscode.l10n.t('This needs a trusted folder, because it starts processes on its files.'),
    vscode.l10n.t('Trust it only if you trust its authors.'),
    { remedy: 'trust' },
  );
}
