import { describe, expect, it } from 'vitest';
import {
  escapeHtml,
  escapeIcons,
  escapeLinks,
  escapeMarkdown,
  oneLine,
} from '../../../src/protocol/text/escape.ts';

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

describe('escaping', () => {
  it('escapes every punctuation character for Markdown', () => {
    expect(escapeMarkdown(PUNCTUATION)).toBe(PUNCTUATION.replace(/./g, '\\$&'));
    expect(escapeMarkdown('Ünïcode 漢字 1')).toBe('Ünïcode 漢字 1');
  });

  it('keeps line breaks and controls out of Markdown tables', () => {
    expect(escapeMarkdown('a\n\n# b\u2028c\u202ed')).toBe('a \\# b c d');
  });

  it('leaves no link for notifications and no icon for labels', () => {
    expect(escapeLinks('[x](command:quit)')).not.toMatch(/\]\(/);
    expect(escapeIcons('$(bug) $ (a)')).toBe('\\$(bug) $ (a)');
  });

  it('makes HTML text and attributes safe', () => {
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;');
  });

  it('cuts what is too long', () => {
    expect(oneLine('x'.repeat(1000), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});
