/** What a window says to do next names nothing of the command line that a window has another way for. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { flows } from '../../../src/pipeline/flows/registry.ts';
import { modelKinds } from '../../../src/pipeline/kinds/registry.ts';
import { kebabCase } from '../../../src/protocol/parameters.ts';
import { SPEC_FIELDS } from '../../../src/protocol/spec-fields.ts';
import { hintInWindow } from '../../../src/protocol/text/window-hint.ts';

const ROOT = 'src/pipeline';
/** What is told by the command line to whoever typed it. */
const OF_TERMINALS = /^src\/pipeline\/(cli|terminal)\//;
const ID = '20261130-010203004-abcd';

/** All prose of the pipeline that names an option or a command, with where it stands. */
function* prose(): Iterable<readonly [where: string, text: string]> {
  for (const entry of fs.readdirSync(ROOT, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name).replaceAll(path.sep, '/');
    if (!file.endsWith('.ts') || OF_TERMINALS.test(file)) continue;
    const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    for (const [node, text] of literalsIn(source)) {
      const isProse =
        text.includes(' ') && !text.startsWith('aws ') && /(^|[\s(])--[a-z]|\brecsys [a-z]/.test(text);
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      if (isProse) yield [`${file}:${line}`, text];
    }
  }
}

function* literalsIn(node: ts.Node): Iterable<readonly [ts.Node, string]> {
  if (ts.isStringLiteralLike(node)) yield [node, node.text];
  if (ts.isTemplateExpression(node))
    yield [node, node.head.text + node.templateSpans.map(({ literal }) => ID + literal.text).join('')];
  for (const child of node.getChildren()) yield* literalsIn(child);
}

const parameters = [...modelKinds, ...flows()].flatMap((one) => Object.keys(one.parameters).map(kebabCase));
/** What no window asks for: options of commands that a person who needs them types. */
const TERMINAL = new Set([
  ...parameters,
  ...['from', 'sets', 'search', 'help'],
  ...['skip-unknown', 'no-sequence', 'save'],
  ...[
    'at-aws',
    'bucket',
    'concurrency',
    'image',
    'instance-type',
    'max-instances',
    'scale-to-zero',
    'memory',
    'print-policy',
  ],
  ...['region', 'rest', 'host', 'port', 'role', 'token-file', 'ttl', 'clock'],
]);
const COMMANDS = /^(deploy .*--print-policy|predict .*--print-policy|(run|tune) --help=all|run \S+ --from)/;

describe('a hint in a window', () => {
  it.each([
    [
      'Close other programs, or give the run fewer threads (--max-workers).',
      'Close other programs, or give the run fewer threads (“Max Workers” in the settings).',
    ],
    [
      'Train on a sample of the sequences (--sample-fraction).',
      'Train on a sample of the sequences (“Sample” of “RecSys: Train with Options…”).',
    ],
    [
      'Say how it is written (--encoding windows-1252, for example), or convert it to UTF-8.',
      'Say how it is written ("encoding": "windows-1252", for example), or convert it to UTF-8. Such a key stands in recsys.json, in "reading".',
    ],
    [
      'Say how it is written: --header or --no-header, --delimiter, --quote, --comment.',
      'Say how it is written: "header": true or "header": false, "delimiter", "quote", "comment". Such a key stands in recsys.json, in "reading".',
    ],
    [
      'Say that quotes are text (--quote none).',
      'Say that quotes are text ("quote": ""). Such a key stands in recsys.json, in "reading".',
    ],
    [
      'Say which: --time-format "%d/%m/%Y" (in recsys.json: "timeFormat").',
      'Say which: "timeFormat": "%d/%m/%Y" (in recsys.json: "timeFormat").',
    ],
    [
      'Name it (--split-column), or split by sequence.',
      'Name it ("column"), or split by sequence. Such a key stands in recsys.json, in "split".',
    ],
    [`Go on with it: recsys resume ${ID}`, 'Go on with it: “RecSys: Resume Run”'],
    ['Choose another file with --output, or replace it with --force.', 'Choose another file, or replace it.'],
    [
      'Choose another folder with --store (setting recsys.storeFolder), or change its permissions.',
      'Choose another folder with “Store Folder” in the settings, or change its permissions.',
    ],
    [
      'Lower --min-count (5).',
      'Lower --min-count (5). That is an option for a terminal; “RecSys: Copy as Command” copies a run’s command.',
    ],
    ['Which there are: recsys runs', 'Which there are: the view “Runs”'],
    [
      'See the ranges: recsys run --help=all',
      'See the ranges: recsys run --help=all. That command is for a terminal.',
    ],
    [
      'Renew them (aws sso login --profile shop, or as your company does).',
      'Renew them (aws sso login --profile shop, or as your company does).',
    ],
    ['Choose another name: --name my-endpoint', 'Choose another name'],
    ['It is over. Try again.', 'It is over. Try again.'],
    [
      '3 rows that the split by time left out (--straddling drop) are not among them.',
      '3 rows that the split by time left out ("straddling": "drop") are not among them. Such a key stands in recsys.json, in "split".',
    ],
    [
      'Where people come back to items, --seen kept ranks these too.',
      'Where people come back to items, --seen kept ranks these too. That is an option for a terminal; “RecSys: Copy as Command” copies a run’s command.',
    ],
    [
      'Choose another split, or name the items with --catalogue.',
      'Choose another split, or name the items with "catalogue". Such a key stands in recsys.json.',
    ],
    [
      'the weights are fitted on these (--memory-limit).',
      'the weights are fitted on these (“Memory Limit” in the settings).',
    ],
  ])('%s', (hint, said) => {
    expect(hintInWindow({ hint })).toBe(said);
  });

  it('may have a wording of its own', () => {
    expect(hintInWindow({ hint: 'Say --yes.', inWindow: 'Press it.' })).toBe('Press it.');
    expect(hintInWindow({})).toBe('');
  });

  it('knows every field of a dataset spec', () => {
    const said = SPEC_FIELDS.filter(({ name }) => name !== 'reading').map(({ name }) =>
      hintInWindow({ hint: `Say --${kebabCase(name)}.` }),
    );
    expect(said.filter((text) => text.includes('--'))).toEqual([]);
  });

  it('has words for all that the pipeline’s prose names', () => {
    const all = [...prose()];
    expect(all.length).toBeGreaterThan(60);
    const left = all.flatMap(([where, text]) => {
      const said = hintInWindow({ hint: text });
      const options = [...said.matchAll(/(?<=^|[\s(])--(?:no-)?([a-z][a-z-]*[a-z])/g)].map(
        ([, name = '']) => name,
      );
      const commands = [...said.matchAll(/\brecsys ([a-z].*)/g)].map(([, words = '']) => words);
      const dangling = [...said.matchAll(/"[a-zA-Z]+" \d{8}-/g)].map(
        ([text]) => `a key without its colon (${text})`,
      );
      const unknown = [
        ...dangling,
        ...options.filter((name) => !TERMINAL.has(name)),
        ...commands.filter((words) => !COMMANDS.test(words)),
      ];
      return unknown.length === 0 ? [] : [`${where} ${unknown.join(', ')}: ${said}`];
    });
    expect(left).toEqual([]);
  });
});
