/** Builds views as `npm run build` does, in memory, so that their tests need no build. */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { VIEW_OPTIONS, viewEntries } from '../../scripts/webviews.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface BuiltView {
  readonly name: string;
  readonly script: string;
  readonly style: string;
}

/** @param folder with `main.ts` and `view.css`; that of the product's view of this name unless given */
export async function buildView(name: string, folder?: string): Promise<BuiltView> {
  const { outputFiles } = await esbuild.build({
    ...VIEW_OPTIONS,
    absWorkingDir: root,
    entryPoints: viewEntries(name, folder),
    outdir: 'dist/webview',
    write: false,
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { name, script: text('.js'), style: text('.css') };
}
