/** *Export Vectors…*: those of a run's best model with vectors, or of the model of a row, as files of other tools. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import {
  companionOf,
  EXPORT_ENDINGS,
  EXPORT_FORMATS,
  type ExportFormat,
} from '../../protocol/export-format.ts';
import type { ExportedEvent } from '../../protocol/export.ts';
import { followCli } from '../processes/follow-cli.ts';
import { hasVectors } from '../runs/run-facts.ts';
import { goneRun } from '../runs/stores.ts';
import type { Services } from '../services.ts';
import type { Site } from '../site.ts';
import { escapeLinks, oneLine } from '../../protocol/text/escape.ts';
import { formatPercent } from '../../protocol/text/format.ts';
import { isNode, pickRun, type Target } from './pick-run.ts';

const title = (): string => vscode.l10n.t('RecSys: Export Vectors');

interface Exported {
  readonly site: Site;
  readonly model: string;
  /** Options of `recsys export` that name the model. */
  readonly options: readonly string[];
}

export async function exportVectors(services: Services, target: Target): Promise<void> {
  const model = await meantModel(services, target);
  if (model === undefined) return;
  const format = await pickFormat(model);
  if (format === undefined) return;
  const file = await pickFile(model, format);
  if (file === undefined) return;
  const companion = companionOf(format, file);
  const isBeside = companion !== undefined && (await isThere(companion));
  if (isBeside && !(await mayReplace(companion))) return;
  // The dialog asked about a file of that name; without one, others are not replaced either.
  const replace = isBeside || (await isThere(file)) ? ['--force'] : [];
  const words = ['export', ...model.options, '--format', format, '--output', file, '--json', ...replace];
  await showExport(model, words);
}

async function meantModel({ stores }: Services, target: Target): Promise<Exported | undefined> {
  const run = await pickRun(stores, target, { title: title(), suits: hasVectors });
  if (run === undefined) return undefined;
  const store = stores.of(run.folder);
  if (store === undefined) throw goneRun(run.id);
  const { site } = store;
  const { argument } = target;
  if (isNode(argument) && argument.kind === 'branch') {
    const { path: step, branch = '' } = argument.view;
    return { site, model: branch, options: ['--package', path.join(run.folder, step)] };
  }
  const { bestEmbedding = '' } = run;
  const named = bestEmbedding === '' ? [] : ['--model', bestEmbedding];
  return { site, model: bestEmbedding, options: [run.id, ...named, '--store', site.settings.storeFolder] };
}

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ExportFormat;
}

async function pickFormat({ model }: Exported): Promise<ExportFormat | undefined> {
  const texts: Readonly<Record<ExportFormat, readonly [string, string]>> = {
    word2vec: [vscode.l10n.t('word2vec, text'), vscode.l10n.t('for gensim and many others')],
    'word2vec-binary': [
      vscode.l10n.t('word2vec, binary'),
      vscode.l10n.t('the same, smaller and faster to read'),
    ],
    npy: [vscode.l10n.t('NumPy'), vscode.l10n.t('a matrix, and a file of names')],
    parquet: [vscode.l10n.t('Parquet'), vscode.l10n.t('one table of items and vectors')],
    tsv: [vscode.l10n.t('TSV pair'), vscode.l10n.t('for TensorFlow’s Embedding Projector')],
  };
  const items = EXPORT_FORMATS.map((format): FormatItem => {
    const [label, detail] = texts[format];
    return { format, label, description: EXPORT_ENDINGS[format], detail };
  });
  const placeHolder = vscode.l10n.t('Format for the vectors of {0}', oneLine(model, 80));
  return (await vscode.window.showQuickPick(items, { title: title(), placeHolder }))?.format;
}

async function pickFile({ site, model }: Exported, format: ExportFormat): Promise<string | undefined> {
  const ending = EXPORT_ENDINGS[format];
  const chosen = await vscode.window.showSaveDialog({
    title: title(),
    defaultUri: vscode.Uri.file(path.join(site.folder, `${model === '' ? 'vectors' : model}${ending}`)),
    filters: { [format]: [ending.slice(1)] },
  });
  return chosen?.fsPath;
}

/** The dialog asks about the file that it names alone, not about the one that is written beside it. */
async function mayReplace(companion: string): Promise<boolean> {
  const replace = vscode.l10n.t('Replace');
  const question = vscode.l10n.t('{0} is there already. Replace it?', oneLine(path.basename(companion), 80));
  return (await vscode.window.showWarningMessage(question, { modal: true }, replace)) === replace;
}

async function isThere(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

async function showExport({ site, model }: Exported, words: readonly string[]): Promise<void> {
  const { ProgressEvent, ExportedEvent } = await import('../late.ts');
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('RecSys: exporting {0}', escapeLinks(model)),
    cancellable: true,
  };
  let exported: ExportedEvent | undefined;
  const isDone = await vscode.window.withProgress(options, (progress, token) => {
    let shown = 0;
    const onLine = (line: unknown): void => {
      const event = ProgressEvent.safeParse(line);
      if (event.success) {
        const share = event.data.total > 0 ? event.data.done / event.data.total : 0;
        progress.report({ message: formatPercent(share), increment: 100 * Math.max(0, share - shown) });
        shown = Math.max(shown, share);
      }
      exported = ExportedEvent.safeParse(line).data ?? exported;
    };
    const { runtime, folder } = site;
    return followCli({ runtime, arguments: words, workingFolder: folder, token, onLine });
  });
  if (isDone && exported !== undefined) tell(exported);
}

/** Says where the files are and what they hold. Returns at once. */
function tell({ files, rows, dimension, model, vectors, notes }: ExportedEvent): void {
  const [file = ''] = files;
  const reveal = vscode.l10n.t('Reveal');
  const text = vscode.l10n.t(
    '{0} vectors of {1} numbers of {2} are in {3}.',
    rows,
    dimension,
    model,
    files.map((one) => path.basename(one)).join(', '),
  );
  const words = [text, vectors, ...notes].map((part) => escapeLinks(part)).join(' ');
  void vscode.window.showInformationMessage(words, reveal).then((chosen) => {
    if (chosen === reveal) void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
  });
}
