/** Roles of columns in a dataset spec, as people choose them one at a time. Knows nothing of VS Code. */
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { DataPreview } from '../../protocol/engine.ts';

/** `many`: several columns make the role together; `optional`: it may have none. */
export interface Role {
  readonly key: 'sequence' | 'item' | 'order' | 'user' | 'group' | 'time';
  readonly many: boolean;
  readonly optional: boolean;
}

export const ROLES: readonly Role[] = [
  { key: 'sequence', many: true, optional: false },
  { key: 'item', many: true, optional: false },
  { key: 'order', many: true, optional: true },
  { key: 'user', many: false, optional: true },
  { key: 'group', many: false, optional: true },
  { key: 'time', many: false, optional: true },
];

/** What of a spec is asked of a file of queries; without a sequence each row is a query. */
export const QUERY_ROLES: readonly Role[] = [
  { key: 'sequence', many: true, optional: true },
  { key: 'item', many: true, optional: false },
  { key: 'order', many: true, optional: true },
];

export type Preview = Pick<DataPreview, 'columns'>;

/** Columns that have a role. */
export function columnsOf(spec: DatasetSpec, role: Role): readonly string[] {
  const value = spec[role.key];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The spec with other columns for one role. */
export function withColumns(spec: DatasetSpec, role: Role, columns: readonly string[]): DatasetSpec {
  const [column] = columns;
  const changed: DatasetSpec = { ...spec, [role.key]: role.many ? [...columns] : column };
  if (!role.many && column === undefined) Reflect.deleteProperty(changed, role.key);
  return changed;
}

/** Why a spec can't be used yet, undefined when it can. */
export function missingRole(spec: DatasetSpec, roles = ROLES): Role['key'] | undefined {
  return roles.find((role) => !role.optional && columnsOf(spec, role).length === 0)?.key;
}

const SHOWN_SAMPLES = 4;

/** `a, b, c` of a column's values. */
export function sampleText(preview: Preview, column: string): string {
  const found = preview.columns.find((candidate) => candidate.name === column);
  return found === undefined ? '' : found.samples.slice(0, SHOWN_SAMPLES).join(', ');
}
