import * as vscode from 'vscode';
import { formatPercent } from '../../protocol/text/format.ts';
import type { Site } from '../site.ts';
import { followCli } from './follow-cli.ts';

export interface ShownCommand {
  readonly site: Site;
  /** Arguments of `recsys`, `--json` among them. */
  readonly words: readonly string[];
  /** Of the notification. */
  readonly title: string;
  /** Told each line of the output. */
  readonly onLine: (line: unknown) => void;
}

/**
 * Runs a `recsys` command that takes its time, with a notification that tells how far it is and cancels it.
 * @returns false where it was cancelled
 * @throws {UserError} with the command's own words when it fails
 */
export async function showCli({ site, words, title, onLine }: ShownCommand): Promise<boolean> {
  const { ProgressEvent } = await import('../late.ts');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    let shown = 0;
    const show = (line: unknown): void => {
      const { success, data } = ProgressEvent.safeParse(line);
      if (success) {
        const share = data.total > 0 ? data.done / data.total : 0;
        progress.report({ message: formatPercent(share), increment: 100 * Math.max(0, share - shown) });
        shown = Math.max(shown, share);
      }
      onLine(line);
    };
    const { runtime, folder } = site;
    return followCli({ runtime, arguments: words, workingFolder: folder, token, onLine: show });
  });
}
