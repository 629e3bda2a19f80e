/** Lists inside rows become rows of their own: one an element, in the order of the list. */
import { wordsOf } from '../name-words.ts';
import { quoteName, quoteText } from '../sql-text.ts';
import type { Shape } from '../value-shape.ts';
import type { RawTable, RawColumn } from './raw-table.ts';

/** A place inside the rows: a column, a field of a record, or the elements of a list. */
export interface Leaf {
  /** Column, and then fields of records. */
  readonly path: readonly string[];
  /** The shortest end of the path that no other has. */
  readonly name: string;
  readonly shape: Shape;
  /** The lists it lies in, outermost first, each by its path. */
  readonly inside: readonly List[];
}

export interface List {
  readonly path: readonly string[];
  readonly inside: readonly List[];
}

type Unnamed = Omit<Leaf, 'name'>;

/** Every place in a table that can be a column: single values, and lists as a whole and of what is inside them. */
export function leavesOf(columns: readonly RawColumn[]): Leaf[] {
  const leaves = columns.flatMap((column) => walk([column.name], column.shape, []));
  return leaves.map((leaf) => ({ ...leaf, name: shortName(leaf, leaves) }));
}

function walk(path: readonly string[], shape: Shape, inside: readonly List[]): Unnamed[] {
  if (shape.kind === 'value') return [{ path, shape, inside }];
  if (shape.kind === 'struct')
    return shape.fields.flatMap(([name, field]) => walk([...path, name], field, inside));
  const list: List = { path, inside };
  return walk(path, shape.element, [...inside, list]);
}

function shortName(leaf: Unnamed, all: readonly Unnamed[]): string {
  for (let length = 1; length < leaf.path.length; length++) {
    const name = leaf.path.slice(-length).join('.');
    const same = all.filter(({ path }) => path.slice(-length).join('.').toLowerCase() === name.toLowerCase());
    if (
      same.length === 1 &&
      !all.some(({ path }) => path.length === 1 && path[0]?.toLowerCase() === name.toLowerCase())
    )
      return name;
  }
  return leaf.path.join('.');
}

export interface PlainColumn {
  readonly sql: string;
  readonly type: string;
  /** Its values lay in lists, of which each element is a row now. */
  readonly inList: boolean;
}

/** A table of plain rows: its columns by name, each with an expression over `from`. */
export interface PlainTable {
  readonly from: string;
  readonly columns: ReadonlyMap<string, PlainColumn>;
  /** Lists that were left as they are, with their names. */
  readonly folded: readonly { readonly name: string; readonly type: string; readonly sql: string }[];
}

export const POSITION = 'position';

/**
 * Unfolds lists that lie in each other or side by side; those side by side must have equal lengths in every row, and
 * a row whose lists are empty gives none.
 */
export function unfold(table: RawTable, lists: readonly List[]): PlainTable {
  const leaves = leavesOf(table.columns);
  const roots = new Map(table.columns.map((column) => [column.name, column.sql]));
  const depth = Math.max(0, ...lists.map(({ inside }) => inside.length + 1));
  let from = table.from;
  for (let level = 0; level < depth; level++) {
    const here = lists.filter(({ inside }) => inside.length === level);
    from = `(${unfolding(from, here, level, lists, roots)})`;
  }
  const columns = new Map<string, PlainColumn>();
  const folded: { name: string; type: string; sql: string }[] = [];
  for (const leaf of leaves) {
    if (leaf.inside.every((list) => lists.some(same(list))))
      columns.set(leaf.name, {
        sql: accessOf(leaf.path, lists, roots, depth),
        type: typeOf(leaf.shape),
        inList: leaf.inside.length > 0,
      });
  }
  for (const column of table.columns)
    if (!leaves.some((leaf) => leaf.path[0] === column.name && columns.has(leaf.name)))
      folded.push({ name: column.name, type: typeOf(column.shape), sql: column.sql });
  if (
    depth > 0 &&
    table.runsOn !== true &&
    !leaves.some((leaf) => leaf.inside.length === depth && columns.has(leaf.name) && saysOrder(leaf))
  ) {
    const names = new Set([...columns.keys()].map((name) => name.toLowerCase()));
    columns.set(names.has(POSITION) ? `list_${POSITION}` : POSITION, {
      sql: `__p${depth - 1}`,
      type: 'BIGINT',
      inList: true,
    });
  }
  return { from, columns, folded };
}

function typeOf(shape: Shape): string {
  return shape.type;
}

const ORDERS =
  'ts time timestamp timestamps times date datetime pos position order index idx step rank'.split(' ');

/** Of what lies in a list, a time or a place of its own goes before the place in the list, which orders what is equal. */
function saysOrder({ path }: Leaf): boolean {
  return wordsOf(path.at(-1) ?? '').some((word) => ORDERS.includes(word));
}

export function same(one: {
  readonly path: readonly string[];
}): (other: { readonly path: readonly string[] }) => boolean {
  return ({ path }) => path.length === one.path.length && path.every((part, at) => part === one.path[at]);
}

function unfolding(
  from: string,
  here: readonly List[],
  level: number,
  lists: readonly List[],
  roots: ReadonlyMap<string, string>,
): string {
  const sources = here.map((list) => accessOf(list.path, lists, roots, level));
  const [first = 'NULL', ...more] = sources;
  const unequal = more.map((other) => `len(${first}) IS DISTINCT FROM len(${other})`).join(' OR ');
  const names = here.map(({ path }) => path.join('.')).join(', ');
  const checked =
    more.length === 0
      ? first
      : `CASE WHEN ${unequal} THEN error(${quoteText(`Lists of unequal length: ${names}`)}) ELSE ${first} END`;
  const elements = [checked, ...more].map((sql, at) => `unnest(${sql}) AS __e${level}_${at}`);
  return `SELECT *, ${elements.join(', ')}, unnest(range(1, len(${first}) + 1)) AS __p${level} FROM ${from}`;
}

/** The expression of a path after the lists of `depth` levels were unfolded. */
function accessOf(
  path: readonly string[],
  lists: readonly List[],
  roots: ReadonlyMap<string, string>,
  depth: number,
): string {
  for (let level = depth - 1; level >= 0; level--) {
    const here = lists.filter(({ inside }) => inside.length === level);
    const at = here.findIndex((list) => list.path.every((part, place) => part === path[place]));
    const list = here[at];
    if (list !== undefined) return fieldsOf(`__e${level}_${at}`, path.slice(list.path.length));
  }
  const [root = '', ...fields] = path;
  return fieldsOf(roots.get(root) ?? quoteName(root), fields);
}

function fieldsOf(base: string, fields: readonly string[]): string {
  return fields.reduce((sql, field) => `struct_extract(${sql}, ${quoteText(field)})`, base);
}
