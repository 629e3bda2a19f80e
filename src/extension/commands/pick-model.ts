/** Which model of a run is meant: an evaluated one, or one that was trained on everything. */
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import type { RunView, StepView } from '../../protocol/run-view.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { hasModel, isEmbedding } from '../runs/run-facts.ts';
import { formatMetric } from '../text/format.ts';
import { isNode, type Target } from './pick-run.ts';

export interface ChosenModel {
  /** Empty: the run has one model. */
  readonly name: string;
  readonly everything: boolean;
  readonly hasVectors: boolean;
}

export interface ModelQuestion {
  readonly title: string;
  readonly placeHolder: string;
  /** Says which models have vectors, where that matters. */
  readonly tellsVectors?: boolean;
}

interface ModelItem extends vscode.QuickPickItem {
  readonly model: ChosenModel;
}

const EVERYTHING = 'everything';

/** Options of commands whose argument is the run, which name the model. */
export function modelWords({ name, everything }: Pick<ChosenModel, 'name' | 'everything'>): string[] {
  return [...(name === '' ? [] : ['--model', name]), ...(everything ? ['--everything'] : [])];
}

/** The model of a row of the tree; undefined of other rows. */
export function modelOfRow({ argument }: Target): ChosenModel | undefined {
  return isNode(argument) && argument.kind === 'branch' ? modelOf(argument.view) : undefined;
}

function modelOf(view: StepView): ChosenModel {
  return {
    ...{ name: view.branch ?? '', everything: view.step === EVERYTHING },
    hasVectors: isEmbedding(view),
  };
}

/** @returns undefined where the person turned away */
export async function pickModel(
  target: Target,
  run: RunRow,
  details: () => Promise<RunView>,
  { title, placeHolder, tellsVectors = false }: ModelQuestion,
): Promise<ChosenModel | undefined> {
  const ofRow = modelOfRow(target);
  if (ofRow !== undefined) return ofRow;
  const models = modelsOf(run, await details());
  const [only] = models;
  if (only !== undefined && models.length === 1) return only;
  const items = models.map((model) => itemOf(model, run, tellsVectors));
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, placeHolder, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true },
  });
  return chosen?.model;
}

/** The best first, then what was trained on everything, then the others; each once, though it was trained again. */
function modelsOf({ best }: RunRow, { steps }: RunView): ChosenModel[] {
  const byKey = new Map<string, ChosenModel>();
  for (const model of steps.filter(hasModel).map(modelOf)) byKey.set(modelWords(model).join(' '), model);
  const rank = ({ name, everything }: ChosenModel): number => (name === best ? 0 : 2) + (everything ? 1 : 0);
  return [...byKey.values()].toSorted((a, b) => rank(a) - rank(b));
}

function itemOf(model: ChosenModel, { best, headline }: RunRow, tellsVectors: boolean): ModelItem {
  const { name, everything, hasVectors } = model;
  const isBest = name === best;
  const figure = isBest && headline !== undefined ? `${headline.metric} ${formatMetric(headline.value)}` : '';
  const facts = everything
    ? [vscode.l10n.t('trained on everything')]
    : [vscode.l10n.t('as it was evaluated'), figure];
  const vectors = tellsVectors && hasVectors ? vscode.l10n.t('has vectors') : '';
  return {
    label: isBest ? `$(star-full) ${escapeIcons(name)}` : escapeIcons(name),
    description: [...facts, vectors].filter((fact) => fact !== '').join(' · '),
    detail: everything
      ? vscode.l10n.t('On all rows, those of the test part too: it was not measured itself')
      : isBest
        ? vscode.l10n.t('The best of the run')
        : '',
    model,
  };
}
