/** What Enter and a double click on a row of the tree do. */
import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { isNode, type Target } from './pick-run.ts';
import { openArtifact, openCards } from './run-commands.ts';

/** Longest time between the two clicks of a double click. */
const DOUBLE_CLICK_MS = 500;

/** Enter: cards of the selected runs, or an artifact; other rows open and close. */
export async function openRow(services: Services, target: Target): Promise<void> {
  const { argument } = target;
  if (isNode(argument) && argument.kind === 'run') await openCards(services, target);
  else if (isNode(argument) && argument.kind === 'artifact') await openArtifact(target);
  else await vscode.commands.executeCommand('list.toggleExpand');
}

/**
 * VS Code tells of clicks on rows, not of double clicks: the second in a short time is one. Where people have set that a
 * double click opens things, every call is one.
 */
export class RunClicks {
  #last: { readonly id: string; readonly time: number } | undefined;

  async click(services: Services, { argument }: Target): Promise<void> {
    if (!isNode(argument)) return;
    const time = performance.now();
    const isSecond = this.#last?.id === argument.id && time - this.#last.time <= DOUBLE_CLICK_MS;
    this.#last = isSecond ? undefined : { id: argument.id, time };
    if (isSecond || opensByDoubleClick()) await openCards(services, { argument, rows: [argument] });
  }
}

function opensByDoubleClick(): boolean {
  return vscode.workspace.getConfiguration('workbench.list').get('openMode') === 'doubleClick';
}
