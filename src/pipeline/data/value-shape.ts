/** The shape of a column's values: single ones, lists, records with named fields, and what is inside them. */
import { DuckDBListType, DuckDBStructType } from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';

export type Shape =
  | { readonly kind: 'value'; readonly type: string }
  | { readonly kind: 'list'; readonly element: Shape; readonly type: string }
  | {
      readonly kind: 'struct';
      readonly fields: readonly (readonly [string, Shape])[];
      readonly type: string;
    };

/** Vectors of fixed length and maps are single values: nothing of a sequence is in them. */
export function shapeOfType(type: DuckDBType): Shape {
  const name = type.toString();
  if (type instanceof DuckDBListType)
    return { kind: 'list', element: shapeOfType(type.valueType), type: name };
  if (type instanceof DuckDBStructType)
    return {
      kind: 'struct',
      type: name,
      fields: type.entryNames.map((field, at) => [field, shapeOfType(type.entryTypes[at] ?? type)] as const),
    };
  return { kind: 'value', type: name };
}

/** The same shape with text in place of every single value. */
export function asTexts(shape: Shape): string {
  switch (shape.kind) {
    case 'value':
      return 'VARCHAR';
    case 'list':
      return `${asTexts(shape.element)}[]`;
    case 'struct':
      return `STRUCT(${shape.fields.map(([name, field]) => `"${name.replaceAll('"', '""')}" ${asTexts(field)}`).join(', ')})`;
  }
}
