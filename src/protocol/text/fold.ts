/** How names are compared where their exact spelling is not known: case, accents and widths make no difference. */

/** Letters that no decomposition takes apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** What a plain lower case does not change further; most names are such. */
const PLAIN = /^[\x20-\x7e]*$/;
const SURPLUS_BLANKS = /^ | $| {2}/;

function decomposed(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[øæœßłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[\u0300-\u036f\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\p{Cc}\s]+/gu, ' ');
}

/** Lower case, without accents, and with single blanks for any white space. */
export function folded(text: string): string {
  const plain = PLAIN.test(text) ? text.toLowerCase() : decomposed(text);
  return SURPLUS_BLANKS.test(plain) ? plain.replace(/ {2,}/g, ' ').trim() : plain;
}

const WORD = /[\p{L}\p{N}]+/gu;
/** Scripts that put no blanks between words: each of their letters counts as one. */
const UNPARTED =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
const WORD_OR_LETTER = new RegExp(`[${UNPARTED}]|(?:(?![${UNPARTED}])[\\p{L}\\p{N}])+`, 'gu');
const MAY_BE_UNPARTED = /[\u0e00-\uffff]/;

/** The runs of letters and digits of a folded text. */
export function wordsOfFolded(text: string): string[] {
  return text.match(MAY_BE_UNPARTED.test(text) ? WORD_OR_LETTER : WORD) ?? [];
}
