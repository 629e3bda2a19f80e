/** The page of a webview: what it may load, what it is given, and nothing else. */
import { setupElement } from '../../protocol/panels/setup-element.ts';
import type { PanelSetup } from '../../protocol/panels/setup.ts';
import { escapeHtml } from '../../protocol/text/escape.ts';

export interface PanelPage {
  /** Addresses as the webview can reach them. */
  readonly script: string;
  readonly style: string;
  /** The webview's own source for `style-src` and the like. */
  readonly source: string;
  /** Fresh for each page. */
  readonly nonce: string;
  readonly title: string;
  readonly setup: PanelSetup;
}

/** Nothing is allowed but our own script (by nonce), our own style sheet, and images made by the page itself. */
function contentSecurityPolicy({ nonce, source }: PanelPage): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    `img-src ${source} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

export function panelHtml(page: PanelPage): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(page))}">
<title>${escapeHtml(page.title)}</title>
<link rel="stylesheet" href="${escapeHtml(page.style)}">
</head>
<body>
<div id="root"></div>
${setupElement(page.setup)}
<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.script)}"></script>
</body>
</html>`;
}
