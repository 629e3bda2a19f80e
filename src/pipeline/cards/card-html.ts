import { createHash } from 'node:crypto';
import { cardPanel } from '../../protocol/panels/card.ts';
import { setupElement } from '../../protocol/panels/setup-element.ts';
import type { CardData } from '../../protocol/run-view.ts';

/** The built renderer of the card. */
export interface CardAssets {
  readonly script: string;
  readonly style: string;
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
    throw new Error(`the card's ${element} holds its own end tag`);
  return normalised;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The card as one HTML file: style, script and data inline, nothing from outside, and a policy that allows only them.
 */
export function cardHtml(card: CardData, assets: CardAssets): string {
  const script = inline('script', assets.script);
  const style = inline('style', assets.style);
  const policy = `default-src 'none'; script-src ${hashSource(script)}; style-src ${hashSource(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const title = escapeText(`${(card.run.labels.name ?? card.run.id).slice(0, 80)} – RecSys`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="root"><noscript>This card is drawn by a script inside this file, which is turned off.</noscript></div>',
    setupElement({
      version: cardPanel.version,
      key: card.run.id,
      strings: {},
      events: [{ name: 'card', payload: card }],
    }),
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
