import { describe, expect, it } from 'vitest';
import { ROLES, columnsOf, missingRole, withColumns } from '../../../src/extension/preview/column-roles.ts';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { DatasetSpec as Schema } from '../../../src/protocol/dataset-spec.ts';

const spec: DatasetSpec = Schema.parse({
  format: 'parquet',
  sequence: ['list'],
  item: ['artist', 'track'],
  order: [],
  group: 'artist',
  split: { by: 'sequence' },
});
const role = (key: string) => ROLES.find((candidate) => candidate.key === key) ?? expect.fail(key);

describe('roles of columns', () => {
  it('reads single and multiple columns alike', () => {
    expect(columnsOf(spec, role('item'))).toEqual(['artist', 'track']);
    expect(columnsOf(spec, role('group'))).toEqual(['artist']);
    expect(columnsOf(spec, role('user'))).toEqual([]);
  });

  it('gives and takes columns, and leaves a valid spec', () => {
    const changed = withColumns(withColumns(spec, role('user'), ['owner']), role('group'), []);
    expect(changed).toMatchObject({ user: 'owner' });
    expect('group' in changed).toBe(false);
    expect(Schema.parse(changed)).toEqual(changed);
    expect(spec.group).toBe('artist');
  });

  it('knows what must not be empty', () => {
    expect(missingRole(spec)).toBeUndefined();
    expect(missingRole(withColumns(spec, role('item'), []))).toBe('item');
    expect(missingRole(withColumns(spec, role('order'), []))).toBeUndefined();
  });
});
