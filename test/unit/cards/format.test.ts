import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  cut,
  difference,
  duration,
  interval,
  moment,
  percent,
  precise,
  pValue,
  rate,
  significant,
} from '../../../webview-ui/kit/format.ts';

/** Thin spaces as plain ones, so that what is expected can be read. */
const plain = (text: string): string =>
  text.replaceAll('\u2009', ' ').replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');

describe('figures of the card', () => {
  it.each([
    [0.099, '.0990'],
    [0, '.0000'],
    [1, '1.0000'],
    [0.99999, '1.0000'],
    [-0.00123, '−.0012'],
    [-0.00001, '.0000'],
    [NaN, '–'],
  ])('writes the rate %d as %s', (value, text) => expect(rate(value)).toBe(text));

  it.each([
    [0.0123, '+.0123'],
    [-0.0123, '−.0123'],
    [0.000001, '.0000'],
    [-0.000001, '.0000'],
  ])('writes the difference %d with its sign: %s', (value, text) => expect(difference(value)).toBe(text));

  it('writes an interval with an en dash', () =>
    expect(plain(interval(0.0941, 0.104))).toBe('.0941 – .1040'));

  it.each([
    [382168, '382,168'],
    [-1200, '−1,200'],
    [0, '0'],
  ])('groups %d as %s', (value, text) => expect(count(value)).toBe(text));

  it.each([
    [0.539, '53.9 %'],
    [0.15, '15.0 %'],
    [0.0576, '5.8 %'],
    [0.00052, '0.052 %'],
    [0.000001, '0.00010 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.9999, '100 %'],
  ])('writes the share %d as %s', (value, text) => expect(plain(percent(value))).toBe(text));

  it.each([
    [231.4, 3, '231'],
    [25.84, 3, '25.8'],
    [0.00012345, 3, '0.000123'],
    [0.000000123, 2, '1.2e-7'],
    [1234567, 3, '1,234,567'],
    [0, 3, '0'],
  ])('writes %d with %d significant digits as %s', (value, digits, text) =>
    expect(significant(value, digits)).toBe(text),
  );

  it('keeps trailing zeroes where a column needs them', () => {
    expect(precise(1.59, 4)).toBe('1.590');
    expect(precise(28, 3)).toBe('28.0');
    expect(precise(1234, 3)).toBe('1,234');
  });

  it.each([
    [0.0004, '< .001'],
    [0.032, '.032'],
    [1.2, '1.000'],
  ])('writes the p-value %d as %s', (value, text) => expect(plain(pValue(value))).toBe(text));

  it.each([
    [0.04, '0.04 s'],
    [2.44, '2.4 s'],
    [9.97, '10 s'],
    [59.7, '1 min 00 s'],
    [161, '2 min 41 s'],
    [3780, '1 h 03 min'],
    [-1, '–'],
  ])('writes %d seconds as %s', (value, text) => expect(plain(duration(value))).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [999_999, '1 MB'],
    [3_201_586, '3.2 MB'],
    [148_233, '148 kB'],
  ])('writes %d bytes as %s', (value, text) => expect(plain(bytes(value))).toBe(text));

  it('leaves what is no time as it is', () => expect(moment('not a time')).toBe('not a time'));
});

describe('names from the data', () => {
  it('cuts what is longer than the limit, by characters and not by halves of them', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('😀😀😀😀😀', 3)).toBe('😀😀…');
    expect(cut('abcd', 4)).toBe('abcd');
  });

  it('is quick with an identifier of 10 MB', () => {
    const started = performance.now();
    expect(cut('x'.repeat(10_000_000), 80)).toHaveLength(80);
    expect(performance.now() - started).toBeLessThan(50);
  });

  it('shows control characters and marks that turn the writing direction', () => {
    expect(cut('a\u0000b\nc\u2028d')).toBe('a␣b␣c␣d');
    expect(cut('\u202egpj.exe')).toBe('�gpj.exe');
  });
});
