const ESCAPE = /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|([\s\S]))/gi;
const LETTERS: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
  '\n': '',
};

function character(hex: string): string {
  const code = parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** What a string of JSON, JavaScript or Python stands for, as they write it between quotes. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    ESCAPE,
    (_, braced?: string, four?: string, eight?: string, two?: string, letter?: string) => {
      const hex = braced ?? four ?? eight ?? two;
      return hex === undefined ? (LETTERS[letter ?? ''] ?? letter ?? '') : character(hex);
    },
  );
}

/** The same, so many times. */
export function unescapedTimes(text: string, times: number): string {
  let plain = text;
  for (let i = 0; i < times; i++) plain = unescaped(plain);
  return plain;
}
