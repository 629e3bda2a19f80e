import * as vscode from 'vscode';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { formatBytes } from '../../protocol/text/format.ts';
import { messageOf } from '../../protocol/user-error.ts';
import { answeringText } from '../answering/answering-text.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Services } from '../services.ts';

interface Line extends vscode.QuickPickItem {
  readonly press?: () => unknown;
}

const milliseconds = (time: number): string =>
  vscode.l10n.t('{0} ms', time < 10 ? time.toFixed(1) : String(Math.round(time)));

/** *Show Engine Status*: which models are open, what they take, how fast answers are; and what can be done about it. */
export async function showEngineStatus({ stores, answering }: Services): Promise<void> {
  const now = answering.of();
  const lines: Line[] = [
    {
      label: vscode.l10n.t('$(telescope) Choose Answering Model'),
      description:
        now === undefined ? vscode.l10n.t('none has vectors yet') : escapeIcons(answeringText(now)),
      press: () => vscode.commands.executeCommand('recsys.chooseAnsweringModel'),
    },
    { label: vscode.l10n.t('$(debug-restart) Restart'), press: () => stores.restart() },
  ];
  for (const store of stores.all) lines.push(...(await linesOf(store)));
  const chosen = await vscode.window.showQuickPick(lines, {
    title: vscode.l10n.t('RecSys: Engine Status'),
    placeHolder: vscode.l10n.t('Times are from the question to its answer in this window'),
    matchOnDescription: true,
  });
  await chosen?.press?.();
}

async function linesOf({ engine, site }: FolderStore): Promise<Line[]> {
  const separator = { label: escapeIcons(site.name), kind: vscode.QuickPickItemKind.Separator };
  const latencies = engine.latencies.map(({ name, count, p50, p95 }) => ({
    label: name,
    description: vscode.l10n.t('{0} asked · p50 {1} · p95 {2}', count, milliseconds(p50), milliseconds(p95)),
  }));
  if (!engine.isStarted)
    return [separator, { label: vscode.l10n.t('The engine is not started: nothing was asked yet') }];
  return [separator, ...(await modelLines(engine)), ...latencies];
}

async function modelLines(engine: FolderStore['engine']): Promise<Line[]> {
  try {
    const { models, ceilingBytes, processBytes } = await engine.request('items/models', {});
    const bytes = models.reduce((sum, model) => sum + model.bytes, 0);
    return [
      {
        label: vscode.l10n.t('{0} models open', models.length),
        description: vscode.l10n.t(
          'about {0} of {1} · process {2}',
          ...[bytes, ceilingBytes, processBytes].map(formatBytes),
        ),
      },
      ...models.map((model) => ({
        label: `$(dash) ${escapeIcons(model.model)}`,
        description: vscode.l10n.t(
          '{0} · about {1}, of which {2} to find names',
          ...[escapeIcons(model.run), formatBytes(model.bytes), formatBytes(model.indexBytes)],
        ),
      })),
    ];
  } catch (error) {
    return [{ label: escapeIcons(messageOf(error)) }];
  }
}
