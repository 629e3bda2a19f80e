import { describe, expect, it } from 'vitest';
import { cardHtml } from '../../../src/extension/cards/card-html.ts';

const page = {
  script: 'https://webview/card.js',
  style: 'https://webview/card.css',
  source: 'https://webview',
  nonce: 'n0nce',
  title: '</title><script>x</script>',
  run: '</script><script>y',
};

describe('page of the result card', () => {
  it('allows nothing but its own script by nonce and its own style sheet', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/
      .exec(cardHtml(page))?.[1]
      ?.replaceAll('&#39;', "'");
    expect(policy).toBe(
      "default-src 'none'; script-src 'nonce-n0nce'; style-src https://webview; font-src https://webview; img-src https://webview data:",
    );
  });

  it('escapes the title and the run id', () => {
    const html = cardHtml(page);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(
      [...html.matchAll(/<script([^>]*)>/g)].every(([, attributes]) => attributes?.includes('nonce="n0nce"')),
    ).toBe(true);
  });
});
