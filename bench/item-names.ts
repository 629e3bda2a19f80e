const SYLLABLES = [
  'ka',
  'lo',
  'mi',
  'ren',
  'ta',
  'su',
  'vel',
  'or',
  'an',
  'di',
  'gre',
  'th',
  'ing',
  'ber',
  'no',
  'ró',
  'sha',
];
const WORDS = 60_000;

/** Names of items of two columns, their words as unevenly frequent as those of a language; the same each time. */
export function itemNames(count: number): string[] {
  let state = 12_345;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
  const words = Array.from({ length: WORDS }, () =>
    Array.from({ length: 2 + below(3) }, () => SYLLABLES[below(SYLLABLES.length)] ?? '').join(''),
  );
  const word = (): string => words[Math.floor((below(1_000_000) / 1_000_000) ** 3 * WORDS)] ?? '';
  return Array.from({ length: count }, (_, i) => {
    const live = i % 11 === 0 ? ' (Live)' : '';
    return `${word()} ${word()}|||${word()} ${word()} ${i.toString(36)}${live}`;
  });
}
