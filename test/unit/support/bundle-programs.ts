import * as esbuild from 'esbuild';

/**
 * Bundles programs that tests start, since Node 20 reads no TypeScript. As in the product, they are parted into files: in one,
 * each process would read what only others need.
 */
export async function bundlePrograms(entryPoints: string[], outdir: string): Promise<void> {
  await esbuild.build({
    ...{ entryPoints, outdir, outExtension: { '.js': '.mjs' }, logLevel: 'error' },
    ...{ bundle: true, splitting: true, platform: 'node', target: 'node20', format: 'esm' },
    external: ['@duckdb/node-api'],
    // Packages written as CommonJS ask for Node's built-in modules with require().
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}
