import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recsys, type CliEnd } from '../support/recsys-cli.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
beforeAll(() => writeTinyPlaylists(path.join(folder, 'tiny.csv'), 20));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const COMMANDS = [
  ...['run', 'prepare', 'train', 'evaluate', 'runs', 'show', 'resume', 'cancel', 'logs', 'rm'],
  ...['restore', 'label', 'clean', 'neighbours', 'card', 'describe', 'step'],
];

describe('--help', () => {
  it('lists every command and says what the exit codes mean', async () => {
    const { code, stdout } = await cli('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stdout).toMatch(/Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no such/);
  });

  it.each(COMMANDS)('of %s has examples of that command', async (command) => {
    const { code, stdout, stderr } = await cli(command, '--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(new RegExp(`Examples:\\n +recsys ${command}\\b`));
  });

  it.each(['run', 'prepare', 'tune', 'train', 'evaluate'])('of %s fits a screen', async (command) => {
    const { stdout } = await cli(command, '--help');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(64);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/--help=encoder +Parameters of Recency encoder \(\d+\)\n/);
  });

  it.each(['run', 'tune'])(
    'of %s has every parameter under one topic or in the short help',
    async (command) => {
      const short = (await cli(command, '--help')).stdout;
      const all = (await cli(command, '--help=all')).stdout;
      const optionsIn = (text: string): string[] =>
        [...text.matchAll(/^ {2}(--[a-z][a-z0-9-]*)/gm)].map(([, name = '']) => name);
      const topics = [...short.matchAll(/^ {2}--help=(\S+)/gm)].map(([, topic = '']) => topic);
      const found = new Set(optionsIn(short));
      for (const topic of topics.filter((name) => name !== 'all'))
        for (const option of optionsIn((await cli(command, `--help=${topic}`)).stdout)) found.add(option);
      found.delete('--help');
      expect([...found].toSorted()).toEqual(
        optionsIn(all)
          .filter((name) => name !== '--help')
          .toSorted(),
      );
      for (const option of [
        'window',
        'ns-exponent',
        'cbow-mean',
        'seed',
        'max-workers',
        'minimum-length',
        'encoder-epochs',
      ])
        expect(found, option).toContain(`--${option}`);
      expect(all).toMatch(/--window <n> +.*\(1 to [\d\s]+;\s+default\s+\d+\)/s);
    },
  );

  it('of a topic that is none says which there are', async () => {
    const { code, stderr } = await cli('run', '--help=nonsense');
    expect(code).toBe(2);
    expect(stderr).toMatch(/has no topic 'nonsense'\.\nIt has: data, .*encoder, .*all\./);
    expect((await cli('runs', '--help=nonsense')).stderr).toMatch(/Ask for --help alone/);
  });
});

describe('a process that stands by', () => {
  it('says who starts it when a person does', async () => {
    const { code, stderr } = await cli('step', '--standby', 'prepare');
    expect(code).toBe(2);
    expect(stderr).toMatch(/is started by the commands that drive runs.*\nRun one step by itself/);
  });
});

describe('a wrong command line', () => {
  it.each([
    [[], 2],
    [['nonsense'], 2],
    [['run'], 2],
    [['run', 'tiny.csv', '--no-such-option'], 2],
    [['run', 'a.csv', 'b.csv'], 2],
    [['runs', 'extra'], 2],
    [['neighbours', 'x', '-k', '0'], 2],
    [['neighbours', 'x', '-k', 'many'], 2],
    [['run', 'tiny.csv', '--max-workers', '0'], 2],
    [['clean', '--keep-latest', '-1'], 2],
    [['engine'], 2],
    [['show', 'latest'], 3],
    [['resume', '20260101'], 3],
    [['run', 'tiny.csv', '--from', 'train'], 3],
    [['run', 'tiny.csv', '--from', 'train', '--spec', 'recsys.json'], 2],
  ])('recsys %j ends with %i', async (args, code) => {
    const end = await cli(...args);
    expect(end.code, end.stderr).toBe(code);
    expect(end.stderr).not.toBe('');
    expect(end.stderr).not.toMatch(/^\s+at /m);
  });

  it('suggests the right command, and the right option whatever its topic', async () => {
    expect((await cli('shwo')).stderr).toMatch(/Did you mean show\?/);
    for (const [wrong, right] of [
      ['--epoch', '--epochs'],
      ['--encoder-vector-sise', '--encoder-vector-size'],
      ['--max-worker', '--max-workers'],
    ])
      expect((await cli('run', 'tiny.csv', wrong ?? '', '5')).stderr).toContain(
        `(Did you mean ${right ?? ''}?)`,
      );
  });
});

describe('bad parameters', () => {
  it.each([
    [['--epochs', 'NaN'], /must be a number/],
    [['--epochs', '-1'], /epochs must be an integer from/],
    [['--epochs', '1.5'], /epochs must be an integer/],
    [['--epochs', ''], /must be a number/],
    [['--alpha', 'Infinity'], /must be a number/],
    [['--alpha', '-0.1'], /alpha must be a number from/],
    [['--min-count', '0'], /minCount must be an integer from 1/],
    [['--positions', 'every:0'], /positions must be/],
    [['--select-by', 'luck'], /selectBy must be one of/],
    [['--deterministic=maybe'], /true or false/],
    [['--models', 'prod2vec,oracle'], /'oracle' is not a model kind/],
    [['--models', 'popularity,popularity'], /Two models would be called 'popularity'/],
    [['--sets', '[{"min_count":3]'], /--sets is not JSON/],
    [['--sets', '[]'], /at least one object/],
    [['--sets', '{"min_count":3}'], /at least one object/],
    [['--sets', '[{"min_cuont":3}]'], /minCuont is not a parameter; known: .*minCount/],
    [['--sets', '[{"min_count":"many"}]'], /minCount must be an integer/],
    [['--sets', '[{"min_count":null}]'], /at least one object of numbers/],
    [['--sets', '[{"min_count":3},{"min_count":3}]'], /Two models would be called/],
    [['--sets', '[{"name":"../../x"}]'], /name/],
  ])('%j are refused in one sentence, and no run is made', async (args, message) => {
    const end = await cli('run', 'tiny.csv', ...args);
    expect(end.stderr).toMatch(message);
    expect(end.code, end.stderr).toBe(2);
    expect(end.stderr).not.toMatch(/^\s+at /m);
    const runs = path.join(folder, '.recsys', 'runs');
    expect(fs.existsSync(runs) ? fs.readdirSync(runs) : []).toEqual([]);
  });
});
