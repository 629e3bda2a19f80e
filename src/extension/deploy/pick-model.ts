/** Which model of a run is deployed: the evaluated one, or that which was trained on everything. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import type { RunView } from '../../protocol/run-view.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { formatMetric } from '../text/format.ts';
import { isNode, type Target } from '../commands/pick-run.ts';

export interface ChosenModel {
  readonly name: string;
  readonly everything: boolean;
}

interface ModelItem extends vscode.QuickPickItem {
  readonly model: ChosenModel;
}

/** @returns undefined where the person turned away, or the run has none */
export async function pickModel(
  { argument }: Target,
  run: RunRow,
  details: () => Promise<RunView>,
  title: string,
): Promise<ChosenModel | undefined> {
  if (isNode(argument) && argument.kind === 'branch') {
    const { branch = '', step } = argument.view;
    return { name: branch, everything: step === EVERYTHING };
  }
  const items = itemsOf(run, await details());
  const [only] = items;
  if (only !== undefined && items.length === 1) return only.model;
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, matchOnDescription: true, ignoreFocusOut: true },
    placeHolder: vscode.l10n.t('Choose the model that is to answer'),
  });
  return chosen?.model;
}

const EVERYTHING = 'everything';

/** The best first, then what was trained on everything, then the others. */
function itemsOf({ best, headline }: RunRow, { steps }: RunView): ModelItem[] {
  const trained = steps.filter(
    ({ state, branch, artifacts }) =>
      state === 'succeeded' && branch !== undefined && artifacts.some(({ name }) => name === 'model'),
  );
  const names = (onEverything: boolean): string[] => [
    ...new Set(
      trained.filter(({ step }) => (step === EVERYTHING) === onEverything).map(({ branch = '' }) => branch),
    ),
  ];
  const figure = headline === undefined ? '' : `${headline.metric} ${formatMetric(headline.value)}`;
  const item = (name: string, everything: boolean): ModelItem => {
    const isBest = name === best;
    return {
      label: isBest ? `$(star-full) ${escapeIcons(name)}` : escapeIcons(name),
      description: everything
        ? vscode.l10n.t('trained on everything')
        : [vscode.l10n.t('as it was evaluated'), isBest ? figure : ''].filter(Boolean).join(' · '),
      detail: everything
        ? vscode.l10n.t('On all rows, those of the test part too: it was not measured itself')
        : isBest
          ? vscode.l10n.t('The best of the run')
          : '',
      model: { name, everything },
    };
  };
  const all = [
    ...names(false).map((name) => item(name, false)),
    ...names(true).map((name) => item(name, true)),
  ];
  const rank = ({ model }: ModelItem): number => (model.name === best ? 0 : 2) + (model.everything ? 1 : 0);
  return all.toSorted((a, b) => rank(a) - rank(b));
}
