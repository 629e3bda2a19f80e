import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetSpec, Split } from '../../protocol/dataset-spec.ts';
import type { DataPreview } from '../../protocol/engine.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { formatCount } from '../../protocol/text/format.ts';
import { ROLES, columnsOf, missingRole, sampleText, withColumns } from './column-roles.ts';
import type { Role } from './column-roles.ts';
import { pickMany, pickOne } from './quick-steps.ts';

const SAMPLE_LIMIT = 100;

type Shown = Pick<DataPreview, 'columns' | 'rows' | 'guess'>;

/** What is asked about columns, and why. */
export interface ColumnQuestion {
  /** What accepting leads to: `Train`. */
  readonly purpose: string;
  /** What becomes of the choice. */
  readonly note: string;
  readonly roles: readonly Role[];
  /** Whether it is asked how the data are split. */
  readonly splits: boolean;
  /** Columns of other data that make an item's name: one of this file is asked for each. */
  readonly itemParts?: readonly string[];
}

/** The columns of data to train on. */
export function ofTraining(purpose: string): ColumnQuestion {
  return { purpose, note: vscode.l10n.t('The choice is kept in recsys.json'), roles: ROLES, splits: true };
}

interface Choice extends vscode.QuickPickItem {
  readonly role?: Role;
  readonly split?: true;
  readonly accept?: true;
}

/**
 * Shows the guessed columns with sample values and reasons; Enter accepts them, any row can be changed first.
 * @param begin the columns that are shown first
 * @returns undefined when the user turned away
 */
export async function confirmColumns(
  file: string,
  preview: Shown,
  question: ColumnQuestion,
  begin = preview.guess.spec,
): Promise<DatasetSpec | undefined> {
  let spec = begin;
  for (;;) {
    const rows = preview.rows === undefined ? '' : vscode.l10n.t(' · {0} rows', formatCount(preview.rows));
    const chosen = await pickOne(overview(preview, spec, question), {
      title: vscode.l10n.t('Columns of {0}{1}', path.basename(file), rows),
      placeholder: vscode.l10n.t('Press Enter to use these columns, or choose one to change it'),
    });
    if (chosen === 'back' || chosen === undefined) return undefined;
    if (chosen.accept) return spec;
    if (chosen.split) spec = { ...spec, split: { ...spec.split, ...(await pickSplit(preview, spec)) } };
    if (chosen.role === undefined) continue;
    const columns = await pickColumns(preview, spec, chosen.role, question);
    if (columns !== undefined) spec = withColumns(spec, chosen.role, columns);
  }
}

function overview(preview: Shown, spec: DatasetSpec, question: ColumnQuestion): Choice[] {
  const { purpose, note, roles: asked, splits } = question;
  const accept: Choice = { label: `$(check) ${purpose}`, detail: note, accept: true };
  const reading: Choice[] =
    preview.guess.reasons['reading'] === undefined
      ? []
      : [{ label: `$(file) ${vscode.l10n.t('How the file is read')}`, detail: reason(preview, 'reading') }];
  const roles = asked.map((role) => roleRow(preview, spec, role));
  const split: Choice = {
    label: `$(split-horizontal) ${vscode.l10n.t('Split')}: ${splitTitle(spec.split.by)}${splitColumn(spec)}`,
    detail: reason(preview, 'split'),
    split: true,
  };
  const rows = [...roles, ...(splits ? [split] : []), ...reading];
  return missingRole(spec, asked) === undefined ? [accept, ...rows] : rows;
}

function roleRow(preview: Shown, spec: DatasetSpec, role: Role): Choice {
  const columns = columnsOf(spec, role);
  const names = columns.length === 0 ? vscode.l10n.t('none') : columns.join(' + ');
  const samples = columns
    .map((column) => sampleText(preview, column))
    .join(' | ')
    .slice(0, SAMPLE_LIMIT);
  return {
    label: `$(edit) ${roleTitle(role)}: ${escapeIcons(names)}`,
    description: escapeIcons(samples),
    detail: reason(preview, role.key),
    role,
  };
}

function reason(preview: Shown, field: string): string {
  return escapeIcons(preview.guess.reasons[field] ?? '');
}

function roleTitle(role: Role): string {
  const titles: Record<Role['key'], string> = {
    sequence: vscode.l10n.t('Sequence'),
    item: vscode.l10n.t('Item'),
    order: vscode.l10n.t('Order'),
    user: vscode.l10n.t('User'),
    group: vscode.l10n.t('Group (artist, brand)'),
    time: vscode.l10n.t('Time'),
  };
  return titles[role.key];
}

interface ColumnItem extends vscode.QuickPickItem {
  readonly name: string;
}

function columnItems(preview: Shown): ColumnItem[] {
  return preview.columns.map((column) => ({
    label: escapeIcons(column.name),
    description: escapeIcons(column.type),
    detail: escapeIcons(sampleText(preview, column.name)).slice(0, SAMPLE_LIMIT),
    name: column.name,
  }));
}

async function pickColumns(
  preview: Shown,
  spec: DatasetSpec,
  role: Role,
  { itemParts }: ColumnQuestion,
): Promise<readonly string[] | undefined> {
  if (role.key === 'item' && itemParts !== undefined) return pickParts(preview, itemParts);
  const chosen = columnsOf(spec, role);
  const items = columnItems(preview);
  const options = { title: roleTitle(role), placeholder: reason(preview, role.key), canGoBack: true };
  if (role.many) {
    const picked = await pickMany(
      items,
      items.filter((item) => chosen.includes(item.name)),
      options,
    );
    return picked === undefined || picked === 'back' ? undefined : picked.map((item) => item.name);
  }
  const none = { label: `$(circle-slash) ${vscode.l10n.t('none')}`, name: '' };
  const picked = await pickOne([...items, none], options);
  if (picked === undefined || picked === 'back') return undefined;
  return picked.name === '' ? [] : [picked.name];
}

/** A column for each part of a name, in their order, which a list of several would not tell. */
async function pickParts(preview: Shown, parts: readonly string[]): Promise<readonly string[] | undefined> {
  const chosen: string[] = [];
  const none = {
    label: `$(circle-slash) ${vscode.l10n.t('none')}`,
    detail: vscode.l10n.t('The columns chosen hold whole names, joined by |||'),
    name: '',
  };
  for (const part of parts) {
    const items = columnItems(preview);
    const picked = await pickOne(chosen.length === 0 ? items : [...items, none], {
      title: vscode.l10n.t('Item: {0}', part),
      placeholder: vscode.l10n.t('The column that holds what ‘{0}’ is in the run’s data', part),
      canGoBack: true,
    });
    if (picked === undefined || picked === 'back') return undefined;
    if (picked.name !== '') chosen.push(picked.name);
  }
  return chosen;
}

function splitTitle(by: Split['by']): string {
  const titles: Record<Split['by'], string> = {
    sequence: vscode.l10n.t('by sequence, 70/20/10'),
    user: vscode.l10n.t('by user, 70/20/10'),
    time: vscode.l10n.t('by time, 70/20/10'),
    'leave-one-out': vscode.l10n.t('leave one out'),
    column: vscode.l10n.t('by a column of the data'),
  };
  return titles[by];
}

/** The column of a split by column, as it stands behind its title. */
function splitColumn({ split }: DatasetSpec): string {
  return split.by === 'column' ? escapeIcons(` (${split.column ?? ''})`) : '';
}

async function pickSplit(preview: Shown, spec: DatasetSpec): Promise<Partial<Split>> {
  const by = await pickSplitKind(spec);
  if (by !== 'column') return by === undefined ? {} : { by };
  const picked = await pickOne(columnItems(preview), {
    title: vscode.l10n.t('Column of the split'),
    placeholder: vscode.l10n.t('Its values are train, validation (optional) and test'),
    canGoBack: true,
  });
  return picked === undefined || picked === 'back' ? {} : { by, column: picked.name };
}

async function pickSplitKind(spec: DatasetSpec): Promise<Split['by'] | undefined> {
  const possible: Split['by'][] = [
    'sequence',
    ...(spec.user === undefined ? [] : (['user'] as const)),
    ...(spec.time === undefined ? [] : (['time'] as const)),
    'leave-one-out',
    'column',
  ];
  const items = possible.map((by) => ({ label: splitTitle(by), detail: splitHelp(by), by }));
  const picked = await pickOne(items, {
    title: vscode.l10n.t('Split'),
    placeholder: vscode.l10n.t('How training, validation and test data are kept apart'),
    canGoBack: true,
  });
  return picked === undefined || picked === 'back' ? undefined : picked.by;
}

function splitHelp(by: Split['by']): string {
  const help: Record<Split['by'], string> = {
    sequence: vscode.l10n.t('Each sequence is wholly in one part'),
    user: vscode.l10n.t('All sequences of a user are in one part'),
    time: vscode.l10n.t('The earliest sequences train, the latest test'),
    'leave-one-out': vscode.l10n.t('The last item of each sequence is its test'),
    column: vscode.l10n.t('A column says train, validation or test'),
  };
  return help[by];
}
