/** What the built command line starts with. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** A module of `dist` and all it imports at once. */
async function loadedAtOnce(file: string, found = new Map<string, string>()): Promise<Map<string, string>> {
  if (found.has(file)) return found;
  const text = await fs.readFile(file, 'utf8');
  found.set(file, text);
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  for (const statement of statements) {
    const from =
      ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
        ? statement.moduleSpecifier
        : undefined;
    if (from !== undefined && ts.isStringLiteral(from) && from.text.startsWith('.'))
      await loadedAtOnce(path.join(path.dirname(file), from.text), found);
  }
  return found;
}

it('is a few files, as Node takes longer to find a module than to read it, and nothing of DuckDB', async () => {
  const loaded = await loadedAtOnce('dist/cli.mjs');
  expect(loaded.size).toBeGreaterThan(1);
  expect([...loaded.keys()].slice(4)).toEqual([]);
  for (const text of loaded.values()) expect(text).not.toMatch(/from\s*["']@duckdb/);
});
