/** What programs elsewhere get: the packed files, their types in a strict project, and the command. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { distDir } from '../../../src/pipeline/dist-dir.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const root = path.dirname(distDir());
const folder = temporaryFolder();
const Packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }));
let files: string[];

const npm = (...args: string[]): string =>
  execFileSync('npm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });

/** Packs, and puts the package with the one it depends on where a project finds it, as an installation does. */
beforeAll(() => {
  const [packed] = Packed.parse(
    JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder)),
  );
  files = packed?.files.map((file) => file.path) ?? [];
  const target = path.join(folder, 'node_modules/recsys');
  fs.mkdirSync(path.join(folder, 'node_modules/.bin'), { recursive: true });
  execFileSync('tar', ['-xzf', packed?.filename ?? ''], { cwd: folder });
  fs.renameSync(path.join(folder, 'package'), target);
  fs.symlinkSync(
    path.join(root, 'node_modules/@duckdb'),
    path.join(folder, 'node_modules/@duckdb'),
    'junction',
  );
  fs.symlinkSync('../recsys/dist/cli.mjs', path.join(folder, 'node_modules/.bin/recsys'));
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

it('holds the built program, and neither sources nor what only the extension needs', () => {
  for (const file of [
    'dist/cli.mjs',
    'dist/client.mjs',
    'dist/client.d.ts',
    'package.json',
    'README.md',
    'LICENSE',
  ])
    expect(files).toContain(file);
  expect(files.some((file) => file.startsWith('dist/kernels/'))).toBe(true);
  expect(files.filter((file) => /^(src|test|bench|samples|webview-ui)\/|extension\.cjs$/.test(file))).toEqual(
    [],
  );
});

it.skipIf(process.platform === 'win32')(
  'gives the command recsys, which reads data',
  { timeout: 60_000 },
  () => {
    fs.writeFileSync(path.join(folder, 'tiny.csv'), 'list,item\n1,a\n1,b\n1,c\n2,a\n2,b\n2,c\n');
    const run = (...args: string[]): string =>
      execFileSync(path.join(folder, 'node_modules/.bin/recsys'), args, { cwd: folder, encoding: 'utf8' });
    expect(run('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run('describe', 'tiny.csv')).toContain('Guessed spec');
  },
);

const PROGRAM = `
import { openStore, UserError, type Run, type RunView, type RecommendReply } from 'recsys';
const run: Run = openStore('.recsys').latestSuccessfulRun();
export const view: RunView = run.view;
export const rate: number | undefined = run.report?.metrics.test['markov']?.metrics['hitRate@10']?.value;
const reply: RecommendReply = await run.recommend(['a'], 5, undefined, { keepSeen: true });
export const first: string | undefined = reply.recommendations[0]?.item;
export const { items, values, dimension } = await run.vectors();
export const error: Error = new UserError('what', 'hint');
// @ts-expect-error there is no such part
await run.sequences('tset');
// @ts-expect-error an item is named
await run.neighbours(42);
// @ts-expect-error no such option
await run.recommend(['a'], 5, undefined, { keepseen: true });
`;

it(
  'has types that a strict project compiles with, without our sources or packages',
  { timeout: 120_000 },
  () => {
    fs.writeFileSync(path.join(folder, 'program.mts'), PROGRAM);
    const options = {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      types: [],
      skipLibCheck: false,
      noEmit: true,
    };
    const more = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const file = path.join(folder, 'tsconfig.json');
    fs.writeFileSync(
      file,
      JSON.stringify({ compilerOptions: { ...options, ...more }, files: ['program.mts'] }),
    );
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    let said = '';
    try {
      execFileSync(process.execPath, [compiler, '-p', file], { encoding: 'utf8' });
    } catch (error) {
      said = String((error as { stdout?: unknown }).stdout);
    }
    expect(said).toBe('');
  },
);
