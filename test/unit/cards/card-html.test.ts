import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cardHtml } from '../../../src/pipeline/cards/card-html.ts';
import { renderCardHtml } from '../../../src/pipeline/cards/render-card-html.ts';
import { jsonForHtml } from '../../../src/protocol/text/json-for-html.ts';
import { CardData } from '../../../src/protocol/run-view.ts';
import { hostileCard, runningCard, syntheticCard } from '../../fixtures/synthetic-card.ts';

const assets = { script: 'globalThis.drawn = "<p>";', style: 'body { color: red }' };

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** All that stands between the start and end tags of an element, as a browser's parser would cut it. */
function contents(html: string, start: string, end: string): string[] {
  return html
    .split(start)
    .slice(1)
    .map((part) => part.slice(0, part.indexOf(end)));
}

describe('JSON in HTML', () => {
  it('gives back what went in', () => {
    const value = { a: '</script><!-- \u2028\u2029 & ]]>', n: [1.5, null, true] };
    expect(JSON.parse(jsonForHtml(value))).toEqual(value);
  });

  it('holds no character that HTML or a line of script gives a meaning', () => {
    expect(jsonForHtml('</script><!--\u2028\u2029&')).not.toMatch(/[<>&\u2028\u2029]/);
  });
});

describe('the card as a file', () => {
  it('allows by hash exactly the script and the style it holds, and nothing else', () => {
    const html = cardHtml(syntheticCard(), assets);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const [script] = contents(html, '<script>', '</script>');
    const [style] = contents(html, '<style>', '</style>');
    expect(script).toBe(assets.script);
    expect(policy).toContain(`script-src 'sha256-${sha256(script ?? '')}';`);
    expect(policy).toContain(`style-src 'sha256-${sha256(style ?? '')}';`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('hashes line ends as the browser will read them', () => {
    const html = cardHtml(syntheticCard(), { ...assets, script: 'a;\r\nb;\rc;' });
    expect(html).toContain('<script>a;\nb;\nc;</script>');
    expect(html).toContain(sha256('a;\nb;\nc;'));
  });

  it('is not built from a script that would end its own element', () => {
    expect(() => cardHtml(syntheticCard(), { ...assets, script: 'x = "</SCRIPT>"' })).toThrow('end tag');
  });

  it('keeps hostile names inside the data element', () => {
    const card = hostileCard();
    const html = cardHtml(card, assets);
    const data = contents(html, 'id="panel-setup">', '</script>')[0] ?? '';
    expect(JSON.parse(data)).toMatchObject({ key: card.run.id, events: [{ name: 'card', payload: card }] });
    expect(html.replace(data, '')).not.toContain('hacked = true</script>');
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});

describe('the card of the build', () => {
  it('holds the built renderer and asks for nothing from elsewhere', async () => {
    const html = await renderCardHtml(syntheticCard());
    const code = html.replace(contents(html, 'id="panel-setup">', '</script>')[0] ?? '', '');
    expect(code.length).toBeGreaterThan(100_000);
    expect(code).not.toMatch(
      /<(?:script|img|iframe)[^>]+src=|<link[^>]+href="(?!data:)|@import|url\(\s*["']?(?!data:)[a-z]+:/i,
    );
  });
});

describe('the synthetic cards', () => {
  it.each([
    ['finished', syntheticCard()],
    ['running', runningCard()],
    ['hostile', hostileCard()],
  ])('obey the schema: %s', (_, card) => {
    expect(CardData.parse(card)).toEqual(card);
  });
});
