import * as fs from 'node:fs';
import { EXIT, messageOf, UserError } from '../../protocol/user-error.ts';
import { ITEM_TABLE } from '../data/prepared-data.ts';
import { DamagedFileError, unreadable } from '../store/damaged-file.ts';
import { escapeGlob, nameOf, quoteName, quoteText } from '../data/sql-text.ts';
import { doneAtOnce, donePausing } from '../pausing.ts';
import { VocabularyIndex, type FoundName } from '../vocabulary/vocabulary-index.ts';

/** The name of a row of the table of items; earlier versions wrote it beside the columns it is made of. */
export function nameSql(columns: readonly string[]): string {
  if (columns.includes('name')) return 'name';
  return nameOf(columns.filter((column) => !ITEM_TABLE.includes(column)).map(quoteName));
}

/** Asks for the columns `item` and `name` of the table's rows, by item code. @param where a condition, or nothing */
type AskTable = (where: string) => Promise<unknown[][]>;

/** Opens prepare's table of items. @throws UserError when it is broken or cannot be read */
export async function openItemTable<T>(itemsFile: string, read: (ask: AskTable) => Promise<T>): Promise<T> {
  try {
    fs.accessSync(itemsFile, fs.constants.R_OK);
  } catch (error) {
    throw unreadable(itemsFile, error);
  }
  try {
    return await askTable(itemsFile, read);
  } catch (error) {
    const [said = ''] = messageOf(error).split('\n');
    throw new DamagedFileError(itemsFile, `its names cannot be read as parquet (${said})`, { cause: error });
  }
}

async function askTable<T>(itemsFile: string, read: (ask: AskTable) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('../data/duckdb.ts');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const table = `read_parquet(${quoteText(escapeGlob(itemsFile))})`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
    const name = nameSql(described.getColumns()[0]?.map(String) ?? []);
    return await read(async (where) => {
      const reader = await connection.runAndReadAll(
        `SELECT item, ${name} FROM ${table} ${where} ORDER BY item`,
      );
      return reader.getColumns();
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Of a string beside its letters, and its entry in the map of codes. */
const BYTES_A_NAME = 72;

/** The names of a run's items (`artist|||track`), by item code. */
export class ItemNames {
  readonly #names: readonly string[];
  readonly #codes = new Map<string, number>();
  #ownBytes: number | undefined;
  #index: VocabularyIndex | undefined;
  #indexing: Promise<VocabularyIndex> | undefined;

  constructor(names: readonly string[]) {
    this.#names = names;
    names.forEach((name, code) => this.#codes.set(name, code));
  }

  /** Reads them from prepare's table of items. @throws UserError when it is broken or cannot be read */
  static async read(itemsFile: string): Promise<ItemNames> {
    return openItemTable(itemsFile, async (query) => new ItemNames((await query(''))[1]?.map(String) ?? []));
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

  /** About what the names, and what finds them, take of memory. */
  get byteLength(): number {
    this.#ownBytes ??= this.#names.reduce((sum, name) => sum + 2 * name.length, BYTES_A_NAME * this.count);
    return this.#ownBytes + this.indexBytes;
  }

  get indexBytes(): number {
    return this.#index?.byteLength ?? 0;
  }

  /** What finds names that are like a text; made when it is first needed. */
  get index(): VocabularyIndex {
    return (this.#index ??= doneAtOnce(VocabularyIndex.build(this.#names)));
  }

  /** Makes it meanwhile, for those who must not wait for long. */
  async readyIndex(): Promise<VocabularyIndex> {
    this.#indexing ??= donePausing(VocabularyIndex.build(this.#names));
    return (this.#index ??= await this.#indexing);
  }

  /** Items whose names are like the text, as the index finds them; one that is called just so comes first. */
  search(text: string, limit: number): FoundName[] {
    const found = this.index.search(text, limit);
    const code = this.code(text);
    if (code === undefined || limit < 1) return found;
    return [{ code, how: 'exact' as const }, ...found.filter((other) => other.code !== code)].slice(0, limit);
  }

  /** Names like the text. */
  suggest(text: string, limit: number): string[] {
    return this.search(text, limit).map(({ code }) => this.name(code));
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
