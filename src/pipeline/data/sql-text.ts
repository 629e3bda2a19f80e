/** Pieces of SQL text. Names and values come from files and people, so they are always quoted. */

/** A column or table name. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of string literals. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(', ')}]`;
}

/** A literal path in place of a glob pattern: the characters a pattern gives meaning to are bracketed. */
export function escapeGlob(file: string): string {
  return file.replaceAll(/[[*?]/g, (character) => `[${character}]`);
}
