#!/usr/bin/env node
// Writes dist/client.d.ts: the types of the client in one file that needs neither our sources nor our packages.
//   node scripts/client-types.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const client = path.join(root, 'src/pipeline/client.ts');
const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const program = ts.createProgram([client], {
  ...options,
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
});
const checker = program.getTypeChecker();
const PLAIN = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike;
const EMPTY = ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Unknown;

/** A type by its structure, whatever schema it was inferred from. */
function structureOf(type, indent = '') {
  if (type.isUnion()) return unionOf(type, indent);
  if (type.flags & (PLAIN | EMPTY))
    return checker.typeToString(type, undefined, ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType);
  const parts = checker.isArrayType(type) || checker.isTupleType(type) ? checker.getTypeArguments(type) : [];
  if (checker.isTupleType(type)) return `[${parts.map((part) => structureOf(part, indent)).join(', ')}]`;
  if (checker.isArrayType(type)) return `Array<${structureOf(parts[0], indent)}>`;
  if ((type.flags & ts.TypeFlags.Object) === 0 || type.getCallSignatures().length > 0)
    throw new Error(`no way to write ${checker.typeToString(type)}`);
  return objectOf(type, indent);
}

function unionOf(type, indent) {
  const parts = type.types.map((part) => structureOf(part, indent));
  const both = parts.includes('true') && parts.includes('false');
  const written = both ? [...parts.filter((part) => part !== 'true' && part !== 'false'), 'boolean'] : parts;
  return [...new Set(written)].join(' | ');
}

function objectOf(type, indent) {
  const inner = `${indent}  `;
  const indexed = checker
    .getIndexInfosOfType(type)
    .map(({ keyType, type: value }) => `[key: ${structureOf(keyType)}]: ${structureOf(value, inner)};`);
  const properties = checker.getPropertiesOfType(type).map((property) => {
    const optional = property.flags & ts.SymbolFlags.Optional ? '?' : '';
    const value = structureOf(checker.getTypeOfSymbol(property), inner);
    return `${commentOf(property, inner)}${JSON.stringify(property.name)}${optional}: ${value};`;
  });
  const members = [...indexed, ...properties];
  return members.length === 0
    ? '{}'
    : `{\n${members.map((member) => `${inner}${member}\n`).join('')}${indent}}`;
}

/** A type that another file declares, written out where it is an alias, else as it is declared there. */
function declarationOf(symbol, name) {
  const [first] = symbol.declarations;
  const declaration = symbol.declarations.find(ts.isTypeAliasDeclaration) ?? first;
  if (ts.isTypeAliasDeclaration(declaration)) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    return `${commentOf(symbol)}export type ${name} = ${structureOf(type)};`;
  }
  const text = emitted(declaration.getSourceFile());
  const file = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest, true);
  return file.statements
    .find((statement) => statement.name?.text === name)
    .getFullText(file)
    .trim();
}

function commentOf(symbol, indent = '') {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  return text === '' ? '' : `/** ${text.replaceAll('\n', ' ')} */\n${indent}`;
}

/** The declarations of one source file. */
function emitted(sourceFile) {
  let text;
  program.emit(sourceFile, (_, written) => (text = written), undefined, true);
  if (text === undefined) throw new Error(`no declarations of ${sourceFile.fileName}`);
  return text;
}

/** The client's own declarations; what makes its objects is no business of programs. */
function ownDeclarations() {
  const text = emitted(program.getSourceFile(client));
  const file = ts.createSourceFile('client.d.ts', text, ts.ScriptTarget.Latest, true);
  return file.statements
    .filter((statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement))
    .map((statement) =>
      statement
        .getFullText(file)
        .trim()
        .replace(/\bconstructor\([^)]*\);/, 'private constructor();'),
    );
}

const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(client)));
const borrowed = symbols.flatMap((symbol) => {
  const origin = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return origin.declarations[0].getSourceFile().fileName === client
    ? []
    : [declarationOf(origin, symbol.name)];
});
const text = [
  '// Types of the client of recsys. Written by scripts/client-types.mjs.',
  ...borrowed,
  ...ownDeclarations(),
].join('\n\n');
mkdirSync(path.join(root, 'dist'), { recursive: true });
writeFileSync(path.join(root, 'dist/client.d.ts'), `${text}\n`);
