/**
 * RecBole's rows of a history and its target: `item_id_list:token_seq` holds the items before `item_id:token`. A sequence
 * of n items stands in n − 1 such rows; each item of it is to come once.
 */
import { quoteName } from '../sql-text.ts';
import type { RawTable, RawColumn } from './raw-table.ts';

const HISTORY = /^(.+)_list:token_seq$/;

/** The table with the history and its target as one list, under the target's name: whole at first, and then what follows. */
export function withHistories(table: RawTable): RawTable {
  const names = table.columns.map(({ name }) => name);
  const history = names.find((name) => HISTORY.test(name) && names.includes(targetOf(name)));
  if (history === undefined) return table;
  const target = targetOf(history);
  const [list, item] = [quoteName(history), quoteName(target)];
  const kept = table.columns.filter(({ name }) => name !== history && name !== target);
  const keys = kept.filter(({ name }) => name.endsWith(':token')).map(({ sql }) => sql);
  const goesOn = [
    `(before = ${list} OR ends_with(before, ' ' || ${list}))`,
    ...keys.map((key) => `lag(${key}) OVER () IS NOT DISTINCT FROM ${key}`),
  ].join(' AND ');
  const before = `SELECT *, lag(${list} || ' ' || ${item}) OVER () AS before FROM ${table.from}`;
  const whole = `list_append(string_split(${list}, ' '), ${item})`;
  const joined: RawColumn = {
    name: target,
    sql: item,
    shape: { kind: 'list', element: { kind: 'value', type: 'VARCHAR' }, type: 'VARCHAR[]' },
  };
  const selected = [
    ...kept.map(({ sql, name }) => `${sql} AS ${quoteName(name)}`),
    `CASE WHEN ${goesOn} THEN [${item}] ELSE ${whole} END AS ${item}`,
  ];
  return {
    ...table,
    runsOn: true,
    from: `(SELECT ${selected.join(', ')} FROM (${before}))`,
    columns: [...kept.map((column) => ({ ...column, sql: quoteName(column.name) })), joined],
    seen: [
      ...table.seen,
      `‘${history}’ holds the items before ‘${target}’: together they are the sequence, each item once`,
    ],
  };
}

function targetOf(history: string): string {
  return history.replace(HISTORY, '$1:token');
}
