// The command line and the client as modules of dist/. What a command starts with is one file: to find, read and link a
// module takes Node longer than to parse it, and esbuild parts what start-up shares with late parts into dozens of them.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { rolldown, watch } from 'rolldown';

const CLI = 'src/pipeline/cli/main.ts';
const CLIENT = 'src/pipeline/client.ts';

/** Packages written as CommonJS ask for Node's built-in modules with require(). */
export const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** DuckDB's own modules are many small ones, which take longer to find and read than its library to load. */
export const EXTERNAL = ['@duckdb/node-bindings'];

/** What a module imports at once, and what that does; stages and DuckDB are imported by the commands that need them. */
function importedAtOnce(entry, graph) {
  const found = new Set();
  const open = [entry];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}

/**
 * Puts all that the command line starts with into one file, but for its main module: what is imported late imports from
 * this file, which must have ended by then, and the main module ends with the command.
 */
function startTogether(entry) {
  let start;
  return (id, graph) => {
    start ??= importedAtOnce(entry, graph);
    return start.has(id) && id !== entry ? 'start' : undefined;
  };
}

function optionsFor(root, minify) {
  return {
    cwd: root,
    input: { cli: path.join(root, CLI), client: path.join(root, CLIENT) },
    platform: 'node',
    external: EXTERNAL,
    // What a late part imports at once is late all the same.
    checks: { ineffectiveDynamicImport: false },
    transform: { target: 'node20' },
    output: {
      dir: path.join(root, 'dist'),
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: 'chunks/[name]-[hash].mjs',
      banner: REQUIRE,
      keepNames: true,
      minify,
      comments: { legal: false },
      sourcemap: !minify,
      codeSplitting: { groups: [{ debugName: 'start', name: startTogether(path.join(root, CLI)) }] },
    },
  };
}

/** @returns the files that were written and those that went into them, relative to `root`, as esbuild tells them */
export async function bundlePipeline(root, minify) {
  const { output, ...options } = optionsFor(root, minify);
  const bundle = await rolldown(options);
  const { output: chunks } = await bundle.write(output);
  await bundle.close();
  const files = chunks.map(({ fileName }) => [`dist/${fileName}`, {}]);
  const modules = chunks.flatMap(({ moduleIds = [] }) => moduleIds);
  const inputs = modules.map((id) => [path.relative(root, id).replaceAll(path.sep, '/'), {}]);
  return { outputs: Object.fromEntries(files), inputs: Object.fromEntries(inputs) };
}

export function watchPipeline(root) {
  rmSync(path.join(root, 'dist/chunks'), { recursive: true, force: true });
  return watch(optionsFor(root, false));
}
