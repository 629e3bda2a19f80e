import * as vscode from 'vscode';
import { UserError } from '../../protocol/user-error.ts';
import { COMMAND_IDS, VIEW_ONLY } from './command-ids.ts';
import type { CommandHandlers, CommandId } from './command-ids.ts';
import { showError } from '../show-error.ts';

/** Registers every command; what a handler throws is shown to the user. */
export function registerCommands(handlers: CommandHandlers, log: vscode.LogOutputChannel): vscode.Disposable {
  const registrations = COMMAND_IDS.map((id) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        requireTrust(id);
        await handlers[id](argument);
      } catch (error) {
        log.error(id, error instanceof Error ? error : String(error));
        showError(error, log);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/** Menus hide what needs trust; a button of a card could still ask for it. */
function requireTrust(id: CommandId): void {
  if (vscode.workspace.isTrusted || VIEW_ONLY.has(id)) return;
  throw new UserError(
    vscode.l10n.t('This needs a trusted folder, because it starts processes on its files.'),
    vscode.l10n.t('Use “Workspaces: Manage Workspace Trust” if you trust its authors.'),
  );
}
