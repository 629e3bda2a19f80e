import * as vscode from 'vscode';
import { COMMAND_IDS } from './command-ids.ts';
import type { CommandHandlers } from './command-ids.ts';
import { showError } from '../show-error.ts';

/** Registers every command; what a handler throws is shown to the user. */
export function registerCommands(handlers: CommandHandlers, log: vscode.LogOutputChannel): vscode.Disposable {
  const registrations = COMMAND_IDS.map((id) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        await handlers[id](argument);
      } catch (error) {
        log.error(id, error instanceof Error ? error : String(error));
        showError(error, log);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
