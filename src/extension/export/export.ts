/** *Export Model or Vectors…*: a model of a run, or its vectors, as files of other tools. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { companionOf, endingOf, isModelFormat } from '../../protocol/export-format.ts';
import type { ExportedEvent, ExportedModelEvent } from '../../protocol/export.ts';
import type { RunRow } from '../../protocol/run-row.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { modelWords, type ChosenModel } from '../commands/pick-model.ts';
import { pickOutput, type ChosenOutput } from '../commands/pick-output.ts';
import { pickRunModel } from '../commands/pick-run-model.ts';
import { isNode, type Target } from '../commands/pick-run.ts';
import { showCli } from '../processes/show-cli.ts';
import { hasModel } from '../runs/run-facts.ts';
import type { Services } from '../services.ts';
import type { Site } from '../site.ts';
import { pickFormat, type AnyFormat } from './pick-format.ts';
import { tellExported } from './tell-exported.ts';

const title = (): string => vscode.l10n.t('RecSys: Export');

export async function exportModel({ stores }: Services, target: Target): Promise<void> {
  const chosen = await pickRunModel(stores, target, {
    title: title(),
    placeHolder: vscode.l10n.t('Choose the model that is written'),
    tellsVectors: true,
  });
  if (chosen === undefined) return;
  const { run, model } = chosen;
  const { site } = chosen.store;
  const format = await pickFormat(model, title());
  if (format === undefined) return;
  const output = await pickFile(site, model, format);
  if (output === undefined) return;
  const of = earlierPackage(target) ?? [run.id, ...modelWords(model), '--store', site.settings.storeFolder];
  const words = ['export', ...of, '--format', format, '--output', output.file, '--json'];
  await showExport(site, nameOf(model, run), output.replaces ? [...words, '--force'] : words);
}

function nameOf({ name }: ChosenModel, { best = '' }: RunRow): string {
  return name === '' ? best : name;
}

/** The very model of a row: where it was trained again since, the run knows the later one by its name. */
function earlierPackage({ argument }: Target): string[] | undefined {
  if (!isNode(argument) || argument.kind !== 'branch') return undefined;
  const { run, view } = argument;
  const at = run.steps.findIndex((step) => step.path === view.path);
  const isAgain = run.steps
    .slice(at + 1)
    .some((step) => at >= 0 && step.step !== 'everything' && step.branch === view.branch && hasModel(step));
  return isAgain ? ['--package', path.join(run.folder, view.path)] : undefined;
}

function pickFile(site: Site, { name }: ChosenModel, format: AnyFormat): Promise<ChosenOutput | undefined> {
  const endings = [[endingOf(format), format] as const];
  return pickOutput({
    // The command writes a SavedModel as a folder where no archive is named.
    ...{ title: title(), folder: site.folder, endings, needsEnding: format === 'savedmodel' },
    name: name === '' ? (isModelFormat(format) ? 'model' : 'vectors') : name,
    beside: (file) => (isModelFormat(format) ? undefined : companionOf(format, file)),
  });
}

async function showExport(site: Site, model: string, words: readonly string[]): Promise<void> {
  const { ExportedEvent, ExportedModelEvent } = await import('../late.ts');
  let exported: ExportedEvent | ExportedModelEvent | undefined;
  const isDone = await showCli({
    ...{ site, words },
    title: vscode.l10n.t('RecSys: exporting {0}', escapeLinks(model)),
    onLine: (line) => {
      exported = ExportedEvent.safeParse(line).data ?? ExportedModelEvent.safeParse(line).data ?? exported;
    },
  });
  if (isDone && exported !== undefined) tellExported(exported);
}
