/** Writes a command as the shell it is pasted into reads it: every word arrives at `recsys` as it is. */

/** `powershell-windows` and `cmd` start `recsys.cmd`, which Windows' command interpreter reads once more. */
export const SHELLS = ['posix', 'fish', 'powershell', 'powershell-windows', 'cmd'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The kind of a shell.
 * @param executable path or name of the shell's program; of an unknown one POSIX rules are taken
 */
export function shellKind(executable: string, platform: string): Shell {
  const name = (executable.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'fish') return 'fish';
  if (name === 'cmd') return 'cmd';
  if (name === 'pwsh' || name === 'powershell' || name === 'pwsh-preview')
    return platform === 'win32' ? 'powershell-windows' : 'powershell';
  return platform === 'win32' && name === '' ? 'powershell-windows' : 'posix';
}

/**
 * The shell a program was most likely started from, by its environment.
 * @param environment where PowerShell, unlike cmd, leaves no PROMPT, and shells of Unix name themselves
 */
export function shellOfProcess(
  platform: string,
  environment: Readonly<Record<string, string | undefined>>,
): Shell {
  const { SHELL = '', PROMPT } = environment;
  if (platform !== 'win32' || SHELL !== '') return shellKind(SHELL, platform);
  return PROMPT === undefined ? 'powershell-windows' : 'cmd';
}

/**
 * @returns undefined where the shell has no way to write one of the words: a line break in cmd, an odd number of double
 * quotes in a word that PowerShell hands to cmd
 */
export function shellLine(words: readonly string[], shell: Shell): string | undefined {
  const quoted = words.map((word) => quoteWord(word, shell));
  return quoted.includes(undefined) ? undefined : quoted.join(' ');
}

function quoteWord(word: string, shell: Shell): string | undefined {
  switch (shell) {
    case 'posix':
      return isPlain(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
    case 'fish':
      // Between single quotes fish knows \' and \\.
      return isPlain(word) ? word : `'${word.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
    case 'powershell':
      return isPlainInPowerShell(word) ? word : powerShellText(word);
    case 'powershell-windows':
      return isPlainInPowerShell(word) ? word : throughPowerShell(word);
    case 'cmd':
      return /^[\w./:\\-]+$/.test(word) ? word : throughCmd(word);
  }
}

/** Words without a meaning in any shell of Unix; zsh expands a `=` at the beginning. */
function isPlain(word: string): boolean {
  return /^[\w./-][\w./:=,@+-]*$/.test(word);
}

/** PowerShell makes lists at commas, and cuts what begins with a dash at dots and colons. */
function isPlainInPowerShell(word: string): boolean {
  return /^(--?[A-Za-z][\w-]*|[\w./][\w./:\\-]*)$/.test(word);
}

/** PowerShell takes typographic quotes for quotes too (language specification 4.0, 2.3.5.2). */
function powerShellText(text: string): string {
  return `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
}

/** As the C runtime and CommandLineToArgvW read an argument: backslashes are doubled before a quote, inside and at the end. */
function argument(word: string): string {
  return `"${word.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/\\+$/, '$&$&')}"`;
}

/**
 * For cmd: every character with a meaning gets a caret, quotes too, so that none opens; twice, since `recsys.cmd` reads
 * its arguments once more (https://qntm.org/cmd; the package cross-spawn does the same).
 */
function throughCmd(word: string): string | undefined {
  if (/[\r\n\0]/.test(word)) return undefined;
  const careted = (text: string): string => text.replaceAll(/[()\][%!^"`<>&|;, *?]/g, '^$&');
  return careted(careted(argument(word)));
}

/**
 * For PowerShell on Windows, which hands `recsys.cmd` to cmd with double quotes as they stand, so that they have to be
 * written here. Between them cmd reads nothing but %, and after the first, third, … quote of the word itself, which it
 * takes for the closing one, all of its characters. A blank outside of its view of quotes would make PowerShell add some.
 */
function throughPowerShell(word: string): string | undefined {
  const quotes = word.split('"').length - 1;
  if (/[\r\n\0]/.test(word) || quotes % 2 === 1) return undefined;
  const parts = argument(word).split(/(?<=")/);
  const written = parts.map((part, i) => (i % 2 === 1 ? withinQuotes(part) : outsideQuotes(part)));
  return powerShellText(written.join(''));
}

/** `%cd:~,%` stands for nothing, and parts the % from a name after it (as Rust's standard library does). */
function withinQuotes(text: string): string {
  return text.replaceAll('%', '%%cd:~,%');
}

function outsideQuotes(text: string): string {
  return withinQuotes(text.replaceAll(/[()^<>&|]/g, '^^^$&'));
}
