import { EXIT, UserError } from '../../protocol/user-error.ts';

/** The names of a run's items (`artist|||track`), by item code. */
export class ItemNames {
  readonly #names: readonly string[];
  readonly #codes = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.#names = names;
    names.forEach((name, code) => this.#codes.set(name, code));
  }

  /** Reads them from prepare's table of items. */
  static async read(itemsFile: string): Promise<ItemNames> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const reader = await connection.runAndReadAll(
        `SELECT name FROM read_parquet('${itemsFile.replaceAll("'", "''")}') ORDER BY item`,
      );
      return new ItemNames(reader.getColumns()[0]?.map(String) ?? []);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  get count(): number {
    return this.#names.length;
  }

  name(code: number): string {
    return this.#names[code] ?? `item ${code}`;
  }

  /** The code of an exact name. */
  code(name: string): number | undefined {
    return this.#codes.get(name);
  }

  /** Names that contain the text, whatever their case; most frequent first (codes go by descending frequency). */
  suggest(text: string, limit: number): string[] {
    const wanted = text.normalize('NFC').toLocaleLowerCase();
    const found: string[] = [];
    for (const name of this.#names) {
      if (found.length >= limit) break;
      if (name.normalize('NFC').toLocaleLowerCase().includes(wanted)) found.push(name);
    }
    return found;
  }

  /** @throws UserError, with the nearest names, when no item has this name */
  require(name: string): number {
    const code = this.code(name);
    if (code !== undefined) return code;
    const near = this.suggest(name, 3);
    const hint =
      near.length > 0
        ? `Did you mean: ${near.join(' · ')}?`
        : 'Names are typed as in the data, their columns joined by |||.';
    throw new UserError(`No item of this run is called '${name}'.`, hint, { exitCode: EXIT.notFound });
  }
}
