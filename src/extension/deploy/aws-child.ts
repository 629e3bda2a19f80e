/** Short commands that talk to AWS: the SDK is loaded by neither the window nor its engine. */
import * as vscode from 'vscode';
import type * as z from 'zod/mini';
import { UserError } from '../../protocol/user-error.ts';
import { followCli } from '../processes/follow-cli.ts';
import type { Site } from '../site.ts';

export interface AwsChild<T extends z.ZodMiniType> {
  readonly site: Site;
  /** Arguments of `recsys` but `--json`. */
  readonly words: readonly string[];
  readonly reply: T;
  /** Of the notification. */
  readonly title: string;
}

/** Options that say where such a command asks a person. */
export function askingWords({ settings }: Site): string[] {
  return ['--store', settings.storeFolder, '--ask-by-file'];
}

/**
 * Runs a command and gives the JSON that it printed, be it one that ends with a failure after it told what it found.
 * @returns undefined where the person cancelled it
 * @throws {UserError} with the command's own words where it told nothing else
 */
export async function awsChild<T extends z.ZodMiniType>(child: AwsChild<T>): Promise<z.infer<T> | undefined> {
  const { site, words, reply, title } = child;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  let told: z.infer<T> | undefined;
  const isDone = await vscode.window.withProgress(options, async (_, token) => {
    const { runtime, folder } = site;
    const onLine = (line: unknown): void => {
      const parsed = reply.safeParse(line);
      if (parsed.success) told = parsed.data;
    };
    try {
      return await followCli({
        ...{ runtime, workingFolder: folder, token, onLine },
        arguments: [...words, '--json'],
      });
    } catch (error) {
      if (told === undefined) throw error;
      return true;
    }
  });
  if (!isDone) return undefined;
  if (told !== undefined) return told;
  throw new UserError(
    vscode.l10n.t('The command did not tell what it was asked for.'),
    vscode.l10n.t('Reload the window, so that the extension and its pipeline are of one version.'),
  );
}
