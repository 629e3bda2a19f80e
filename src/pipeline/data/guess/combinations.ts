/** What values tell of columns together: which order whose rows, which repeat where, which belong to one another. */

/** A column's values, a row each; null where there is none. */
export type Values = readonly (string | null)[];

/** Rows of sequences by their number, in file order; rows without a key are left out. */
export function sequencesOf(columns: readonly Values[]): number[][] {
  const rows = columns[0]?.length ?? 0;
  const sequences = new Map<string, number[]>();
  for (let row = 0; row < rows; row++) {
    const parts = columns.map((values) => values[row] ?? null);
    if (parts.every((part) => part === null)) continue;
    const key = parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts);
    const own = sequences.get(key);
    if (own === undefined) sequences.set(key, [row]);
    else own.push(row);
  }
  return [...sequences.values()];
}

export interface OrderEvidence {
  /** Sequences of two rows or more: where there are few, nothing is told. */
  readonly sequences: number;
  /** Share of them in which all rows have one value. */
  readonly constant: number;
  /** Share of the rows after the first of a sequence whose value another row of it has. */
  readonly ties: number;
  /** Share of them in which the values are whole numbers without gaps. */
  readonly dense: number;
}

/** How columns together order the rows of sequences. */
export function orderEvidence(
  sequences: readonly (readonly number[])[],
  columns: readonly Values[],
): OrderEvidence {
  let [several, constant, rows, distinct, dense] = [0, 0, 0, 0, 0];
  for (const own of sequences) {
    if (own.length < 2) continue;
    const values = own.map((row) => columns.map((column) => column[row] ?? '').join('\u0000'));
    const different = new Set(values);
    several++;
    if (different.size === 1) constant++;
    if (different.size === own.length && isDense(different)) dense++;
    rows += own.length - 1;
    distinct += different.size - 1;
  }
  const among = Math.max(1, several);
  return {
    sequences: several,
    constant: constant / among,
    ties: rows === 0 ? 0 : 1 - distinct / rows,
    dense: dense / among,
  };
}

function isDense(values: ReadonlySet<string>): boolean {
  const numbers = [...values].map(Number);
  return numbers.every(Number.isInteger) && Math.max(...numbers) - Math.min(...numbers) === values.size - 1;
}

/** Share of the rows whose value stands in another row too, and in how many rows each is on average. */
export function repetition(values: Values): { readonly rows: number; readonly repeated: number } {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [rows, repeated] = [0, 0];
  for (const count of counts.values()) {
    rows += count;
    if (count > 1) repeated += count;
  }
  return { rows, repeated: rows === 0 ? 0 : repeated / rows };
}

export interface OwnerEvidence {
  readonly sequences: number;
  /** Share of the sequences whose rows have one value of the owner's column. */
  readonly single: number;
  /** Sequences an owner has on average. */
  readonly each: number;
}

/** Whether sequences belong to the values of a column: users, say. */
export function ownerEvidence(sequences: readonly (readonly number[])[], owner: Values): OwnerEvidence {
  const owners = new Set<string>();
  let [known, single] = [0, 0];
  for (const rows of sequences) {
    const own = new Set(rows.map((row) => owner[row] ?? null));
    own.delete(null);
    if (own.size === 0) continue;
    known++;
    if (own.size === 1) single++;
    for (const value of own) if (value !== null) owners.add(value);
  }
  return { sequences: known, single: single / Math.max(1, known), each: known / Math.max(1, owners.size) };
}
