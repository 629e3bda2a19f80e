import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError, messageOf } from '../../protocol/user-error.ts';

/** A file that was there stays until the new one is whole, and nothing else is left where the disk is full. */
export async function writeWhole(file: vscode.Uri, content: Uint8Array): Promise<void> {
  const { fs } = vscode.workspace;
  const partial = vscode.Uri.joinPath(file, '..', `.partial-${path.posix.basename(file.path)}`);
  try {
    await fs.writeFile(partial, content);
    await fs.rename(partial, file, { overwrite: true });
  } catch (error) {
    await fs.delete(partial).then(undefined, () => undefined);
    throw new UserError(
      vscode.l10n.t('{0} cannot be written: {1}', file.fsPath, messageOf(error)),
      vscode.l10n.t('Free some space, or choose another place.'),
      { cause: error },
    );
  }
}
