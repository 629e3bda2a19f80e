/** A webview as one HTML file: style, script and data inline, nothing from outside, and a policy that allows only them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PanelSetup } from '../../protocol/panels/setup.ts';
import { setupElement } from '../../protocol/panels/setup-element.ts';
import { UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';

/** The built renderer of a view. */
export interface ViewAssets {
  readonly script: string;
  readonly style: string;
}

export interface PanelFile {
  readonly title: string;
  /** What is said where scripts are turned off. */
  readonly withoutScript: string;
  readonly setup: PanelSetup;
}

/** A content security policy's source that allows exactly this inline text. */
export function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

/**
 * Inline text as the browser reads it, which is what the policy's hash is of: HTML parsing turns CR into LF, and an end
 * tag would end the element.
 * @throws Error when the text holds the end tag of its own element; the build is wrong then
 */
function inline(element: 'script' | 'style', text: string): string {
  const normalised = text.replace(/\r\n?/g, '\n');
  if (normalised.toLowerCase().includes(`</${element}`))
    throw new Error(`the view's ${element} holds its own end tag`);
  return normalised;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function panelFileHtml({ title, withoutScript, setup }: PanelFile, assets: ViewAssets): string {
  const script = inline('script', assets.script);
  const style = inline('style', assets.style);
  const policy = `default-src 'none'; script-src ${hashSource(script)}; style-src ${hashSource(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeText(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<div id="root"><noscript>${escapeText(withoutScript)}</noscript></div>`,
    setupElement(setup),
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** @throws UserError when the build has no renderer of this name */
export async function readViewAssets(view: string): Promise<ViewAssets> {
  const [script, style] = await Promise.all([readAsset(`${view}.js`), readAsset(`${view}.css`)]);
  return { script, style };
}

async function readAsset(file: string): Promise<string> {
  const full = path.join(distDir(), 'webview', file);
  try {
    return await readFile(full, 'utf8');
  } catch (cause) {
    throw new UserError(`The renderer ${full} cannot be read.`, 'Build it with: npm run build', { cause });
  }
}
