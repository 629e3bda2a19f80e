/** The page of a result card's webview. */
import { escapeHtml } from '../text/escape.ts';

export interface CardPage {
  /** Addresses as the webview can reach them. */
  readonly script: string;
  readonly style: string;
  /** The webview's own source for `style-src` and the like. */
  readonly source: string;
  readonly nonce: string;
  readonly title: string;
  /** Kept in the webview's state, so that the panel can be restored after a reload. */
  readonly run: string;
}

/**
 * VS Code gives the webview's state handle once only. This wraps it so that the page keeps a state of its own beside
 * the run's id, which the extension needs to restore the panel.
 */
function keepRunInState(run: string): string {
  const id = JSON.stringify(run).replaceAll('<', '\\u003c');
  return `(() => {
  const api = acquireVsCodeApi();
  const keep = (page) => api.setState({ run: ${id}, page });
  keep(api.getState()?.page);
  const wrapped = { postMessage: (message) => api.postMessage(message), getState: () => api.getState()?.page, setState: (page) => { keep(page); return page; } };
  globalThis.acquireVsCodeApi = () => wrapped;
})();`;
}

/** Nothing is allowed but our own script (by nonce), our own style sheet, and images made by the page itself. */
function contentSecurityPolicy(page: CardPage): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.source}`,
    `font-src ${page.source}`,
    `img-src ${page.source} data:`,
  ].join('; ');
}

export function cardHtml(page: CardPage): string {
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
<script nonce="${page.nonce}">${keepRunInState(page.run)}</script>
<script nonce="${page.nonce}" src="${escapeHtml(page.script)}"></script>
</body>
</html>`;
}
