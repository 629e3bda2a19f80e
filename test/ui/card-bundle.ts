/** Builds the card as `npm run build` does, in memory, so that its tests need no build. */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import type { CardAssets } from '../../src/pipeline/cards/card-html.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}

export async function cardAssets(): Promise<CardAssets> {
  const [script, style] = await Promise.all([
    bundle('webview-ui/card/main.ts'),
    bundle('webview-ui/card/card.css'),
  ]);
  return { script, style };
}
