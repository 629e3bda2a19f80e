// The webviews: every folder of webview-ui/views is one, and becomes dist/webview/<name>.js and <name>.css.
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Names of all views. */
export function viewNames(root) {
  return readdirSync(path.join(root, 'webview-ui/views'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** The entries of a view's bundle, given the folder with its main.ts and view.css. */
export function viewEntries(name, folder = `webview-ui/views/${name}`) {
  return [
    { in: path.join(folder, 'main.ts'), out: name },
    { in: path.join(folder, 'view.css'), out: name },
  ];
}

/** How views are bundled, for the product and for tests alike. */
export const VIEW_OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  legalComments: 'none',
  loader: { '.svg': 'text' },
};
