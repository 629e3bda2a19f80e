import * as fs from 'node:fs';
import * as path from 'node:path';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterEach, expect, it } from 'vitest';
import { lateRefusal, refusal, rooms } from '../../../scripts/rooms.mjs';
import { temporaryFolder } from '../support/toy-store.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

/** What the rule of circles says of each of these files. */
function circlesAmong(files: Readonly<Record<string, string>>): string[] {
  const cwd = temporaryFolder();
  folders.push(cwd);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    fs.writeFileSync(path.join(cwd, name), text);
  }
  const linter = new Linter({ cwd });
  const config: Linter.Config = {
    files: ['**/*.ts'],
    plugins: { rooms },
    rules: { 'rooms/circles': 'error' },
    languageOptions: { parser: tseslint.parser },
  };
  return Object.entries(files).flatMap(([name, text]) =>
    linter
      .verify(text, config, path.join(cwd, name))
      .map(({ message, fatal }) =>
        fatal === true ? message : (/circle: (.*?)\. /.exec(message)?.[1] ?? ''),
      ),
  );
}

it.each([
  ['of values', `import { b } from './b/b.ts';`],
  ['of types', `import type { B } from './b/b.ts';`],
  ['of what is handed on', `export * from './b/b.ts';`],
  ['that is closed later', `export const later = () => import('./b/b.ts');`],
])('refuses a circle %s, and names its files', (_, line) => {
  const files = {
    'src/a.ts': `import * as fs from 'node:fs';\n${line}\n`,
    'src/b/b.ts': `import { c } from '../c.ts';\nexport type B = typeof c;\nexport const b = c;\n`,
    'src/c.ts': `import type { A } from './a.ts';\nexport const c: A | undefined = undefined;\n`,
  };
  expect(circlesAmong(files)).toEqual([
    'src/a.ts → src/b/b.ts → src/c.ts → src/a.ts',
    'src/b/b.ts → src/c.ts → src/a.ts → src/b/b.ts',
    'src/c.ts → src/a.ts → src/b/b.ts → src/c.ts',
  ]);
});

it('refuses a file that imports itself', () => {
  expect(circlesAmong({ 'a.ts': `import './a.ts';` })).toEqual(['a.ts → a.ts']);
});

it('lets several ways lead to one file, and looks past files that are no code', () => {
  const files = {
    'a.ts': `import './b.ts';\nimport './d.ts';\n// import './a.ts'\nexport const a = "import './a.ts'";\n`,
    'b.ts': `import './d.ts';\nimport './icon.svg';\n`,
    'd.ts': '',
  };
  expect(circlesAmong(files)).toEqual([]);
});

it('knows one direction within the room of data', () => {
  const data = 'src/pipeline/data';
  const order = ['sql-text.ts', 'reading/peek.ts', 'guess/columns.ts', 'describe/sample-rows.ts'];
  for (const [at, file] of order.entries())
    for (const [place, other] of order.entries())
      expect(refusal(`${data}/${file}`, `${data}/${other}`) === undefined, `${file} to ${other}`).toBe(
        place <= at,
      );
  expect(refusal(`${data}/reading/peek.ts`, `${data}/roles/missing.ts`)).toBeDefined();
  expect(refusal(`${data}/guess/columns.ts`, `${data}/roles/missing.ts`)).toBeUndefined();
  expect(refusal('src/pipeline/flows/next-item/x.ts', `${data}/guess/columns.ts`)).toBeDefined();
});

it('refuses the AWS SDK outside the room that is loaded late, and that room by name', () => {
  const sdk = '@aws-sdk/client-s3';
  expect(lateRefusal('src/pipeline/engine/engine-server.ts', undefined, sdk)).toMatch(
    'only src/pipeline/deploy/aws',
  );
  expect(lateRefusal('src/pipeline/deploy/journal.ts', undefined, sdk)).toMatch(
    'only src/pipeline/deploy/aws',
  );
  expect(lateRefusal('src/pipeline/deploy/aws/upload.ts', undefined, sdk)).toBeUndefined();
  const [cli, aws] = ['src/pipeline/cli/commands/deploy.ts', 'src/pipeline/deploy/aws/deploy.ts'];
  expect(lateRefusal(cli, aws, '../../deploy/aws/deploy.ts')).toMatch('loaded by import()');
  expect(refusal('src/pipeline/engine/engine-server.ts', aws)).toBeDefined();
  expect(refusal(cli, aws)).toBeUndefined();
});
