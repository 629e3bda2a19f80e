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

interface Choice extends vscode.QuickPickItem {
  readonly role?: Role;
  readonly split?: true;
  readonly accept?: true;
}

/**
 * Shows the guessed columns with sample values and reasons; Enter accepts them, any row can be changed first.
 * @param purpose what accepting leads to: `Train`
 * @returns undefined when the user turned away
 */
export async function confirmColumns(
  file: string,
  preview: DataPreview,
  purpose: string,
): Promise<DatasetSpec | undefined> {
  let spec = preview.saved ?? preview.guess.spec;
  for (;;) {
    const rows = preview.rows === undefined ? '' : vscode.l10n.t(' · {0} rows', formatCount(preview.rows));
    const chosen = await pickOne(overview(preview, spec, purpose), {
      title: vscode.l10n.t('Columns of {0}{1}', path.basename(file), rows),
      placeholder: vscode.l10n.t('Press Enter to use these columns, or choose one to change it'),
    });
    if (chosen === 'back' || chosen === undefined) return undefined;
    if (chosen.accept) return spec;
    if (chosen.split) spec = { ...spec, split: { ...spec.split, ...(await pickSplit(preview, spec)) } };
    if (chosen.role !== undefined)
      spec = withColumns(
        spec,
        chosen.role,
        (await pickColumns(preview, spec, chosen.role)) ?? columnsOf(spec, chosen.role),
      );
  }
}

function overview(preview: DataPreview, spec: DatasetSpec, purpose: string): Choice[] {
  const missing = missingRole(spec);
  const accept: Choice = {
    label: `$(check) ${purpose}`,
    detail: vscode.l10n.t('The choice is kept in recsys.json'),
    accept: true,
  };
  const reading: Choice[] =
    preview.guess.reasons['reading'] === undefined
      ? []
      : [{ label: `$(file) ${vscode.l10n.t('How the file is read')}`, detail: reason(preview, 'reading') }];
  const roles = ROLES.map((role) => roleRow(preview, spec, role));
  const split: Choice = {
    label: `$(split-horizontal) ${vscode.l10n.t('Split')}: ${splitTitle(spec.split.by)}${splitColumn(spec)}`,
    detail: reason(preview, 'split'),
    split: true,
  };
  return missing === undefined ? [accept, ...roles, split, ...reading] : [...roles, split, ...reading];
}

function roleRow(preview: DataPreview, spec: DatasetSpec, role: Role): Choice {
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

function reason(preview: DataPreview, field: string): string {
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

function columnItems(preview: DataPreview): ColumnItem[] {
  return preview.columns.map((column) => ({
    label: escapeIcons(column.name),
    description: escapeIcons(column.type),
    detail: escapeIcons(sampleText(preview, column.name)).slice(0, SAMPLE_LIMIT),
    name: column.name,
  }));
}

async function pickColumns(
  preview: DataPreview,
  spec: DatasetSpec,
  role: Role,
): Promise<readonly string[] | undefined> {
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

async function pickSplit(preview: DataPreview, spec: DatasetSpec): Promise<Partial<Split>> {
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
