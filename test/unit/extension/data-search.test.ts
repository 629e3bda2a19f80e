import { describe, expect, it } from 'vitest';
import { includeOf, patternOf } from '../../../src/extension/hover/data-search.ts';

const ascii = (text: string, isLarge: boolean): string =>
  JSON.stringify(text).replace(/[\u0080-\uffff]/g, (unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${isLarge ? hex.toUpperCase() : hex}`;
  });

describe('Find in Data', () => {
  it('finds a name as files of any kind write it', () => {
    for (const name of [
      'Xtal',
      'Jóga (live) [4′33″]',
      'T.N.T. "Remaster"',
      'A\\B | c',
      '藤井 風',
      'a\nb',
      '☕🎵^$',
    ])
      for (const flags of ['', 'u']) {
        const pattern = new RegExp(`^(?:${patternOf(name)})$`, flags);
        const quoted = name.replaceAll('"', '""');
        const escaped = [JSON.stringify(name), ascii(name, false), ascii(name, true)];
        for (const written of [name, quoted, ...escaped.map((one) => one.slice(1, -1))])
          expect(pattern.test(written), `${written} by ${String(pattern)}`).toBe(true);
        expect(pattern.test(`${name}x`)).toBe(false);
      }
    expect(patternOf('Xtal')).toBe('\\bXtal\\b');
    expect(patternOf('T.N.T')).not.toMatch(/^T\.N/);
  });

  it('finds no longer name that begins or ends so', () => {
    const finds = (name: string, text: string): boolean => new RegExp(patternOf(name)).test(text);
    for (const row of ['"Track 3-1"', 'a,Track 3-1', 'Track 3-1\t7'])
      expect(finds('Track 3-1', row), row).toBe(true);
    for (const row of ['Track 3-11', 'SoundTrack 3-1', 'Track 3-1st'])
      expect(finds('Track 3-1', row), row).toBe(false);
    // What is no letter of ASCII has no edge that all engines see.
    expect(finds('Ágætis', '"Ágætis byrjun"')).toBe(true);
  });

  it('looks through the one file, whatever it is called', () => {
    expect(includeOf('data/plays.csv')).toBe('./data/plays.csv');
    expect(includeOf('a [1], {b}*?.csv')).toBe('./a [[]1[]][,] ?b?[*][?].csv');
    expect(includeOf('/elsewhere/plays.csv')).toBe('/elsewhere/plays.csv');
    expect(includeOf('C:\\data\\plays.csv')).toBe('C:\\data\\plays.csv');
  });
});
