// Circles of imports: of values, of types, and by `import()`. What two files share belongs into one that needs neither.
import * as fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** By absolute path. A file is read once a process: an editor's ESLint learns of changes when it starts anew. */
const known = new Map();

/** The files of the repository that a file imports, by their paths from its root. */
function importsOf(root, file) {
  const absolute = path.join(root, file);
  let imports = known.get(absolute);
  if (imports === undefined) {
    const isCode = file.endsWith('.ts') && fs.existsSync(absolute);
    const { importedFiles } = ts.preProcessFile(isCode ? fs.readFileSync(absolute, 'utf8') : '');
    imports = importedFiles.flatMap(({ fileName }) => pathOf(file, fileName) ?? []);
    known.set(absolute, imports);
  }
  return imports;
}

/** The path, from the root of the repository, of what a file imports; undefined for packages. */
export function pathOf(from, source) {
  return source.startsWith('.') ? path.posix.join(path.posix.dirname(from), source) : undefined;
}

/** The shortest circle that an import closes: both files, those between, and the first again; undefined for none. */
export function circleOf(root, from, to) {
  const cameFrom = new Map([[to, from]]);
  for (const file of cameFrom.keys()) {
    if (file === from) return [from, ...wayTo(from, to, cameFrom)];
    for (const next of importsOf(root, file)) if (!cameFrom.has(next)) cameFrom.set(next, file);
  }
  return undefined;
}

function wayTo(end, start, cameFrom) {
  const way = [end];
  for (let file = end; file !== start;) {
    file = cameFrom.get(file);
    way.unshift(file);
  }
  return way;
}
