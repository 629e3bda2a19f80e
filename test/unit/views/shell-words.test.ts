import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { shellKind, shellLine, shellOfProcess, type Shell } from '../../../src/protocol/text/shell-words.ts';
import { argumentsOfWindows, readByCmd, readByPowerShell } from '../support/windows-shells.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const HOSTILE = [
  ...[
    '',
    ' ',
    "a'b",
    'a"b"',
    '-x.csv',
    '--',
    '=ls',
    '~',
    '~root',
    '*',
    '?',
    '[ab]',
    '{a,b}',
    '#x',
    '!x',
    '!!',
  ],
  ...[
    '$HOME',
    '${HOME}',
    '$(touch x)',
    '`touch x`',
    '%PATH%',
    '%s',
    '%%',
    '^',
    '&',
    '|||',
    'a|||b c',
    ';',
    '<',
    '>',
  ],
  ...[
    '\\',
    'a\\',
    'a\\\\',
    'a\\ b\\',
    '\\"\\\\"',
    "\\'",
    '‘a’',
    '“a”',
    '0.7,0.2,0.1',
    '@a',
    '(a)',
    'a=b',
    'a:b',
  ],
  ...[
    '[{"min_count":3},{"min_count":10,"name":"a b"}]',
    "O'Brien's data.csv",
    "x'; touch x; '",
    'é 漢字 🎵',
    '-1.5',
  ],
];
const LINES = ['two\nlines', 'a\r\nb', '\n', "it's\n'two'"];

/** Texts of some characters. */
function textOf(characters: string): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...Array.from(characters)), maxLength: 12 });
}

/** The words a real shell makes of a line. */
function wordsIn(program: string, args: readonly string[], line: string): string[] {
  const print = path.join(folder, 'print.mjs');
  fs.writeFileSync(print, 'process.stdout.write(JSON.stringify(process.argv.slice(2)))');
  const { stdout } = spawnSync(program, [...args, `'${process.execPath}' '${print}' ${line}`], {
    encoding: 'utf8',
    cwd: folder,
  });
  return JSON.parse(stdout) as string[];
}

const SHELLS: readonly [program: string, kind: Shell, args: readonly string[]][] = [
  ['sh', 'posix', ['-c']],
  ['bash', 'posix', ['-c']],
  // As a person's, which expands history and knows more characters with a meaning.
  ['bash', 'posix', ['--norc', '-ic']],
  ['zsh', 'posix', ['-fc']],
  ['zsh', 'posix', ['-fic']],
  ['fish', 'fish', ['--no-config', '-c']],
];
const present = (program: string): boolean => spawnSync(program, ['-c', 'exit 0']).status === 0;

describe.each(SHELLS)('%s', (program, kind, args) => {
  // A machine without the shell skips its tests; .ci/run installs all of them.
  const test = it.skipIf(process.platform === 'win32' || !present(program));

  test(`reads the words that were written for ${kind}, by ${args.join(' ')}`, () => {
    const words = [...HOSTILE, ...LINES];
    expect(wordsIn(program, args, shellLine(words, kind) ?? '')).toEqual(words);
    expect(fs.existsSync(path.join(folder, 'x'))).toBe(false);
  });

  test(`reads any words, by ${args.join(' ')}`, () => {
    const text = textOf('ab \'"\\$`!%^&|;<>*?~#=-\n‘’é');
    fc.assert(
      fc.property(fc.array(text, { minLength: 20, maxLength: 40 }), (words) => {
        expect(wordsIn(program, args, shellLine(words, kind) ?? '')).toEqual(words);
      }),
      { numRuns: 5, seed: 7 },
    );
  });
});

/** What has a meaning to one of the shells of Windows. */
const windowsText = textOf('ab \'"\\$`!%^&|;,<>*?()=-@‘’‚‛“”é');
const VARIABLES = { a: 'WRONG', b: 'WRONG', ab: 'WRONG', PATH: 'WRONG', cd: 'C:\\x' };

describe('cmd', () => {
  const read = (line: string): string[] => argumentsOfWindows(readByCmd(readByCmd(line, VARIABLES), {}));

  it('reads the words that were written for it, twice', () => {
    expect(read(shellLine(HOSTILE, 'cmd') ?? '')).toEqual(HOSTILE);
    fc.assert(
      fc.property(fc.array(windowsText), (words) => {
        expect(read(shellLine(words, 'cmd') ?? '')).toEqual(words);
      }),
    );
  });

  it.each(LINES)('is not written %j, which it cannot read', (word) => {
    expect(shellLine([word], 'cmd')).toBeUndefined();
  });
});

describe('PowerShell', () => {
  it('reads the words that were written for it, typographic quotes and all', () => {
    const words = [...HOSTILE, ...LINES];
    expect(readByPowerShell(shellLine(words, 'powershell') ?? '')).toEqual(words);
    fc.assert(
      fc.property(fc.array(windowsText), (texts) => {
        expect(readByPowerShell(shellLine(texts, 'powershell') ?? '')).toEqual(texts);
      }),
    );
  });

  /** It adds quotes around a word with a blank outside of quotes; cmd starts `recsys.cmd`, which reads the words again. */
  const read = (line: string): string[] => {
    const handed = readByPowerShell(line).map((word) => {
      const outside = word
        .replaceAll(/\\"/g, '')
        .split('"')
        .filter((_, i) => i % 2 === 0);
      expect(outside.join('')).not.toMatch(/\s/);
      return word;
    });
    return argumentsOfWindows(readByCmd(readByCmd(handed.join(' '), VARIABLES), {}));
  };

  it('on Windows hands over the words that were written for it', () => {
    const words = HOSTILE.filter((word) => word.split('"').length % 2 === 1);
    expect(read(shellLine(words, 'powershell-windows') ?? '')).toEqual(words);
    fc.assert(
      fc.property(fc.array(windowsText), (texts) => {
        const line = shellLine(texts, 'powershell-windows');
        if (line === undefined) expect(texts.some((text) => text.split('"').length % 2 === 0)).toBe(true);
        else expect(read(line)).toEqual(texts);
      }),
    );
  });
});

describe('the kind of a shell', () => {
  it.each<[string, string, Shell]>([
    ['/bin/bash', 'linux', 'posix'],
    ['/usr/local/bin/fish', 'darwin', 'fish'],
    ['/usr/bin/pwsh', 'linux', 'powershell'],
    ['C:\\Program Files\\PowerShell\\7\\pwsh.exe', 'win32', 'powershell-windows'],
    ['C:\\WINDOWS\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', 'win32', 'powershell-windows'],
    ['C:\\WINDOWS\\System32\\cmd.exe', 'win32', 'cmd'],
    ['C:\\Program Files\\Git\\bin\\bash.exe', 'win32', 'posix'],
    ['', 'win32', 'powershell-windows'],
    ['', 'linux', 'posix'],
  ])('of %s on %s is %s', (executable, platform, kind) => {
    expect(shellKind(executable, platform)).toBe(kind);
  });

  it('of a process is told by its environment', () => {
    expect(shellOfProcess('linux', { SHELL: '/usr/bin/fish' })).toBe('fish');
    expect(shellOfProcess('win32', { PROMPT: '$P$G' })).toBe('cmd');
    expect(shellOfProcess('win32', {})).toBe('powershell-windows');
    expect(shellOfProcess('win32', { SHELL: '/usr/bin/bash' })).toBe('posix');
  });
});
