import * as fs from 'node:fs';
import { ITEM_SEPARATOR } from '../../protocol/dataset-spec.ts';
import { EXIT, messageOf, UserError } from '../../protocol/user-error.ts';
import { ITEM_TABLE } from '../data/prepared-data.ts';
import { DamagedFileError, unreadable } from '../store/damaged-file.ts';
import { escapeGlob, nameOf, quoteName, quoteText } from '../data/sql-text.ts';

function folded(text: string): string {
  return text.normalize('NFC').toLocaleLowerCase();
}

/** 0: one of the name's columns is the text; 1: one begins with it; 2: it is somewhere in the name. */
function likeness(name: string, text: string): 0 | 1 | 2 | undefined {
  if (!name.includes(text)) return undefined;
  const columns = name.split(ITEM_SEPARATOR);
  if (columns.includes(text) || name === text) return 0;
  return columns.some((column) => column.startsWith(text)) ? 1 : 2;
}

/** The name of a row of the table of items; earlier versions wrote it beside the columns it is made of. */
function nameSql(columns: readonly string[]): string {
  if (columns.includes('name')) return 'name';
  return nameOf(columns.filter((column) => !ITEM_TABLE.includes(column)).map(quoteName));
}

/** The names of a run's items (`artist|||track`), by item code. */
export class ItemNames {
  readonly #names: readonly string[];
  readonly #codes = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.#names = names;
    names.forEach((name, code) => this.#codes.set(name, code));
  }

  /** Reads them from prepare's table of items. @throws UserError when it is broken or cannot be read */
  static async read(itemsFile: string): Promise<ItemNames> {
    try {
      fs.accessSync(itemsFile, fs.constants.R_OK);
    } catch (error) {
      throw unreadable(itemsFile, error);
    }
    try {
      return await ItemNames.#read(itemsFile);
    } catch (error) {
      const [said = ''] = messageOf(error).split('\n');
      throw new DamagedFileError(itemsFile, `its names cannot be read as parquet (${said})`, {
        cause: error,
      });
    }
  }

  static async #read(itemsFile: string): Promise<ItemNames> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const table = `read_parquet(${quoteText(escapeGlob(itemsFile))})`;
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
      const name = nameSql(described.getColumns()[0]?.map(String) ?? []);
      const reader = await connection.runAndReadAll(`SELECT ${name} FROM ${table} ORDER BY item`);
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

  /**
   * Names like the text, whatever their case: first those with a column that is the text, then those with one that
   * begins with it, then those that contain it; of each, the most frequent first (codes go by descending frequency).
   */
  suggest(text: string, limit: number): string[] {
    const wanted = folded(text);
    const found: [string[], string[], string[]] = [[], [], []];
    for (const name of this.#names) {
      const place = likeness(folded(name), wanted);
      if (place !== undefined) found[place].push(name);
      if (found[0].length >= limit) break;
    }
    return found.flat().slice(0, limit);
  }

  /** @throws UserError, with the nearest names, when no item has this name */
  require(name: string): number {
    const code = this.code(name);
    if (code === undefined) throw this.unknown(name);
    return code;
  }

  /** Says that no item has this name, and which names are near. */
  unknown(name: string): UserError {
    const near = this.suggest(name, 3);
    const hint =
      near.length > 0
        ? `Did you mean: ${near.join(' · ')}?`
        : 'Names are typed as in the data, their columns joined by |||.';
    return new UserError(`No item is called '${name}'.`, hint, { exitCode: EXIT.notFound });
  }
}
