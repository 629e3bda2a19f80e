import * as vscode from 'vscode';

export interface StepOptions {
  readonly title: string;
  readonly placeholder: string;
  readonly canGoBack?: boolean;
}

type Answer<T> = T | 'back' | undefined;

/** One step of a wizard: a single choice, `back`, or undefined when it was closed. */
export function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: StepOptions,
): Promise<Answer<T>> {
  return showStep<T, T>(items, options, (pick) => pick.selectedItems[0]);
}

/** One step of a wizard: several choices. */
export function pickMany<T extends vscode.QuickPickItem>(
  items: readonly T[],
  selected: readonly T[],
  options: StepOptions,
): Promise<Answer<readonly T[]>> {
  return showStep<T, readonly T[]>(
    items,
    options,
    (pick) => pick.selectedItems,
    (pick) => {
      pick.canSelectMany = true;
      pick.selectedItems = selected;
    },
  );
}

async function showStep<T extends vscode.QuickPickItem, R>(
  items: readonly T[],
  options: StepOptions,
  answer: (pick: vscode.QuickPick<T>) => R | undefined,
  prepare: (pick: vscode.QuickPick<T>) => void = () => undefined,
): Promise<Answer<R>> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = items;
  if (options.canGoBack === true) pick.buttons = [vscode.QuickInputButtons.Back];
  prepare(pick);
  try {
    return await new Promise<Answer<R>>((resolve) => {
      pick.onDidAccept(() => resolve(answer(pick)));
      pick.onDidTriggerButton(() => resolve('back'));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
