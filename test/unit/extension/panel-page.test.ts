import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/extension/panels/page.ts';

const page = {
  script: 'https://webview/card.js',
  style: 'https://webview/card.css',
  source: 'https://webview',
  nonce: 'n0nce',
  title: '</title><script>x</script>',
  setup: { version: 1, key: '</script><script>y', strings: { a: '</script><script>z' }, events: [] },
};

describe('page of a panel', () => {
  it('allows nothing but its own script by nonce and its own style sheet', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/
      .exec(panelHtml(page))?.[1]
      ?.replaceAll('&#39;', "'");
    expect(policy).toBe(
      "default-src 'none'; script-src 'nonce-n0nce'; style-src https://webview; font-src https://webview; img-src https://webview data:; base-uri 'none'; form-action 'none'",
    );
  });

  it('keeps the title, the key and the texts from becoming markup', () => {
    const html = panelHtml(page);
    const scripts = [...html.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes?.trim());
    expect(scripts).toEqual([
      'type="application/json" id="panel-setup"',
      'nonce="n0nce" src="https://webview/card.js"',
    ]);
    const setup = /id="panel-setup">([^<]*)</.exec(html)?.[1] ?? '';
    expect(JSON.parse(setup)).toEqual(page.setup);
  });
});
