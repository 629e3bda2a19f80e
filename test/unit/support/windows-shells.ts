/** The documented rules by which the shells of Windows read a line, for words that were quoted for them. */

/**
 * cmd's reading of a command line (`cmd /?`; phases 1 and 2): variables between percent signs, then quotes and carets.
 * @throws Error where a character with a meaning is left outside of quotes
 */
export function readByCmd(line: string, variables: Readonly<Record<string, string>>): string {
  let read = '';
  let quoted = false;
  const expanded = expand(line, variables);
  for (let i = 0; i < expanded.length; i++) {
    const character = expanded.charAt(i);
    if (!quoted && character === '^') {
      i++;
      read += expanded.charAt(i);
      continue;
    }
    if (character === '"') quoted = !quoted;
    else if (!quoted && /[&|<>()]/.test(character)) throw new Error(`cmd runs what follows ${character}`);
    read += character;
  }
  return read;
}

/** `%name%` and `%name:~,n%` of known variables; others stay as they are. */
function expand(line: string, variables: Readonly<Record<string, string>>): string {
  return line.replaceAll(/%([^%:]+)(:~,)?%/g, (whole, name: string, cut: string | undefined, at: number) => {
    // Of two percent signs in a row the first stands for itself.
    if (at > 0 && cut === undefined && line[at - 1] === '%' && !(name in variables)) return whole;
    const value = variables[name];
    if (value === undefined) return whole;
    return cut === undefined ? value : '';
  });
}

/** PowerShell's reading of plain words and of texts in single quotes. */
export function readByPowerShell(line: string): string[] {
  const words: string[] = [];
  const pattern =
    /(?:^| )(?:'((?:[^'\u2018-\u201b]|(['\u2018-\u201b])['\u2018-\u201b])*)'|([\w./:\\-]+))(?= |$)/gy;
  let end = 0;
  for (const match of line.matchAll(pattern)) {
    end = match.index + match[0].length;
    const [whole, , , plain] = match;
    const inner = whole.trimStart().slice(1, -1);
    words.push(plain ?? inner.replaceAll(/(['\u2018-\u201b])['\u2018-\u201b]/g, '$1'));
  }
  if (end !== line.length) throw new Error(`PowerShell does not read ${line.slice(end)} as words`);
  return words;
}

/**
 * How programs split their command line (CommandLineToArgvW, and the C runtime where no quote is doubled): 2n
 * backslashes before a quote are n and the quote parts, 2n + 1 are n and the quote is one of the argument.
 */
export function argumentsOfWindows(line: string): string[] {
  const found: string[] = [];
  let current: string | undefined;
  let quoted = false;
  for (const [part, slashes = '', quote] of line.matchAll(/(\\*)(")|\\+|[^\\"]/g)) {
    if (quote !== undefined) {
      current = (current ?? '') + '\\'.repeat(Math.floor(slashes.length / 2));
      if (slashes.length % 2 === 1) current += '"';
      else quoted = !quoted;
    } else if (part === ' ' && !quoted) {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else current = (current ?? '') + part;
  }
  return current === undefined ? found : [...found, current];
}
