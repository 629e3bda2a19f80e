/** The columns that may play a part, and which have one already. */
import type { DescribedColumn } from '../column.ts';
import { evidenceOf } from './column-evidence.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import { sequencesOf } from './combinations.ts';
import { closeness } from './role-names.ts';
import type { NamedRole } from './role-names.ts';

/** One or more columns for a role, and why. */
export interface Choice {
  readonly columns: readonly string[];
  readonly reason: string;
}

/** Roles of which a column has one: the one its name says most. */
const IDENTITIES: readonly NamedRole[] = ['playlist', 'session', 'basket', 'user', 'item', 'group'];
const IDENTIFYING = new Set(['text', 'numbered', 'integer']);

/** Columns not yet given to a role. */
export class Columns {
  readonly all: readonly ColumnEvidence[];
  readonly #taken = new Set<string>();

  constructor(columns: readonly DescribedColumn[]) {
    this.all = columns.map(evidenceOf).filter((column) => column.kind !== 'other' && column.filled >= 0.5);
  }

  get free(): ColumnEvidence[] {
    return this.all.filter((column) => !this.#taken.has(column.name));
  }

  take(names: readonly string[]): void {
    for (const name of names) this.#taken.add(name);
  }

  /** The free column whose name says the role most exactly. */
  named(
    role: NamedRole,
    accepts: (column: ColumnEvidence) => boolean = () => true,
  ): ColumnEvidence | undefined {
    const ranked = this.free
      .filter((column) => accepts(column) && closeness(column, role) > 0)
      .sort((a, b) => closeness(b, role) - closeness(a, role));
    return ranked[0];
  }

  /** The free column whose name says that it identifies such a thing, and no other thing more. */
  identifies(
    role: NamedRole,
    accepts: (column: ColumnEvidence) => boolean = () => true,
  ): ColumnEvidence | undefined {
    return this.named(
      role,
      (column) =>
        IDENTIFYING.has(column.kind) &&
        accepts(column) &&
        IDENTITIES.every((other) => closeness(column, other) <= closeness(column, role)),
    );
  }

  column(name: string): ColumnEvidence | undefined {
    return this.all.find((column) => column.name === name);
  }

  /** The rows looked at of each sequence, by these columns. */
  sequences(names: readonly string[]): number[][] {
    const values = names.flatMap((name) => this.column(name)?.values ?? []);
    return values.length === 0 ? [] : sequencesOf(names.map((name) => this.column(name)?.values ?? []));
  }
}

export function quoted(name: string): string {
  return `‘${name}’`;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
