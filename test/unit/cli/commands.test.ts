import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { NeighbourReply, RecommendReply } from '../../../src/protocol/engine.ts';
import { StampedEvent } from '../../../src/protocol/events.ts';
import { EvaluationReport } from '../../../src/protocol/report.ts';
import { StoreView } from '../../../src/protocol/run-row.ts';
import { readReport } from '../../../src/pipeline/flows/next-item/views/read-report.ts';
import { viewRun } from '../../../src/pipeline/views/view-run.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { exists } from '../support/alive.ts';
import { recsys, startRecsys, type CliEnd } from '../support/recsys-cli.ts';
import { SMALL_JOB, SMALL_STEPS } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { identities, temporaryFolder } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';

const folder = temporaryFolder();
const store = RunStore.open(path.join(folder, '.recsys'));
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
let first: CliEnd;
let base: string;

beforeAll(async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  first = await cli('run', 'tiny.csv', ...SMALL_JOB, '--json', '--tag', 'first', '--name', 'base');
  base = store.resolve('base').id;
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const ESCAPE = '\u001b';
const plain = ({ stdout, stderr }: CliEnd): boolean => !stdout.includes(ESCAPE) && !stderr.includes(ESCAPE);
const printedEvent = z.object({ run: z.string(), step: z.string() });

describe('recsys run', () => {
  it('prints NDJSON events of every step that fit the schema', () => {
    expect(first.code, first.stderr).toBe(0);
    const lines = first.stdout.trimEnd().split('\n');
    for (const line of lines) {
      expect(StampedEvent.safeParse(JSON.parse(line)).success, line).toBe(true);
      expect(printedEvent.parse(JSON.parse(line)).run).toBe(base);
    }
    for (const step of SMALL_STEPS) {
      expect(
        lines.some((line) => line.includes(`"step":"${step}","type":"state","state":"succeeded"`)),
        step,
      ).toBe(true);
    }
    expect(lines.at(-1)).toContain('"step":"driver","type":"state","state":"succeeded"');
  });

  it('records parameters, fingerprint, versions, times, bytes and hashes', () => {
    const manifest = store.run(base).manifest();
    expect(manifest).toMatchObject({
      parameters: { seed: 1, epochs: 2 },
      until: 'report',
      flow: 'next-item',
    });
    expect(manifest.given.sort()).toEqual(['epochs', 'models', 'seed', 'sets', 'vectorSize']);
    expect(manifest.versions).toMatchObject({
      node: process.versions.node,
      duckdb: expect.any(String) as string,
    });
    expect(manifest.data.files).toHaveLength(1);
    for (const { artifacts, seconds } of viewRun(store.run(base)).steps) {
      expect(seconds).toBeGreaterThan(0);
      expect(artifacts.length).toBeGreaterThan(0);
      for (const { bytes, sha256 } of artifacts) {
        expect(bytes).toBeGreaterThan(0);
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it('reuses prepared data, prints the metrics table, and no colours into a pipe', async () => {
    const end = await cli('run', 'tiny.csv', ...SMALL_JOB, '--models', 'popularity');
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toMatch(/✓ prepare \(reused from run /);
    expect(end.stdout).toMatch(/hitRate@100/);
    expect(plain(end)).toBe(true);
    await cli('rm', 'latest');
  });
});

describe('a closed pipe', () => {
  it('is no error, and a run goes on without a reader', { timeout: 60_000 }, async () => {
    const { child, end } = startRecsys(
      ['run', 'tiny.csv', ...SMALL_JOB, '--models', 'popularity', '--json'],
      {
        cwd: folder,
      },
    );
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await end).toMatchObject({ code: 0 });
    const run = store.resolve('latest');
    expect(run.id).not.toBe(base);
    expect(viewRun(run).state).toBe('succeeded');
    await cli('rm', run.id);
  });
});

describe('recsys show', () => {
  it('--json prints all models under both splits', async () => {
    const { stdout } = await cli('show', 'latest', '--json');
    const shown = JSON.parse(stdout) as { metrics: Record<string, Record<string, Record<string, unknown>>> };
    expect(shown).toMatchObject({
      ...{ run: base, state: 'succeeded', bestEmbedding: 'prod2vec-min-count-1' },
      parameters: { seed: 1, vectorSize: 8 },
    });
    for (const split of ['validation', 'test']) {
      expect(Object.keys(shown.metrics[split] ?? {}).sort()).toEqual(['popularity', 'prod2vec-min-count-1']);
      for (const model of Object.values(shown.metrics[split] ?? {})) {
        for (const metric of ['hitRate@10', 'hitRate@100', 'ndcg@10', 'mrr@10']) {
          expect(model[metric]).toEqual({
            ...{ value: expect.any(Number) as number, low: expect.any(Number) as number },
            ...{ high: expect.any(Number) as number, n: expect.any(Number) as number },
            clusters: expect.any(Number) as number,
          });
        }
        expect(model['variants']).toEqual(expect.any(Object));
      }
    }
  });

  it('prints steps, sizes and the table for people', async () => {
    const end = await cli('show', 'base');
    for (const step of SMALL_STEPS) expect(end.stdout).toMatch(new RegExp(`^${step} +succeeded`, 'm'));
    expect(end.stdout).toMatch(/^tags +first$/m);
    expect(plain(end)).toBe(true);
  });
});

describe('recsys runs and labels', () => {
  it('lists runs for people and programs', async () => {
    const { stdout } = await cli('runs', '--json');
    const view = StoreView.parse(JSON.parse(stdout));
    expect(view.runs.map(({ id }) => id)).toEqual([base]);
    const text = await cli('runs');
    expect(text.stdout).toContain(base);
    expect(text.stdout).toMatch(/#first/);
  });

  it('finds the store from a folder below, and another by --store or RECSYS_STORE', async () => {
    const below = path.join(folder, 'a', 'b');
    fs.mkdirSync(below, { recursive: true });
    expect((await recsys(['runs'], { cwd: below })).stdout).toContain(base);
    const other = path.join(folder, 'other');
    expect((await cli('runs', '--store', other)).stdout).toMatch(/No runs in .*other/);
    const named = await recsys(['runs'], { cwd: folder, env: { RECSYS_STORE: other } });
    expect(named.stdout).toMatch(/No runs in .*other/);
    expect(fs.existsSync(other)).toBe(false);
  });

  it('an empty RECSYS_STORE names none, and nothing is put into the folder it would be', async () => {
    const project = path.join(folder, 'project');
    fs.mkdirSync(project);
    writeTinyPlaylists(path.join(project, 'tiny.csv'));
    for (const [env, args] of [
      [{ RECSYS_STORE: '' }, []],
      [{ RECSYS_STORE: '  ' }, []],
      [{}, ['--store', '']],
    ] as const) {
      const end = await recsys(['prepare', 'tiny.csv', ...args], { cwd: project, env });
      expect(end.code, end.stderr).toBe(0);
    }
    // The store upwards is the one that is found.
    expect(fs.readdirSync(project)).toEqual(['tiny.csv']);
    const here = await recsys(['prepare', 'tiny.csv', '--store', '.'], { cwd: project });
    expect(here.code).toBe(1);
    expect(here.stderr).toMatch(/is not a run store .* and it is not empty \(it holds tiny\.csv\)/);
    expect(fs.readdirSync(project)).toEqual(['tiny.csv']);
    for (const id of store.runIds().slice(0, 3)) await store.remove(store.run(id));
  });

  it('adds and takes away names, tags, notes and stars', async () => {
    await cli('label', 'base', '--name', 'renamed', '--tag', 'x', '--tag', 'y', '--note', 'a note', '--star');
    expect(store.run(base).labels()).toEqual({
      name: 'renamed',
      tags: ['first', 'x', 'y'],
      note: 'a note',
      starred: true,
    });
    await cli('label', 'renamed', '--untag', 'x', '--no-star', '--note', '', '--name', 'base');
    expect(store.run(base).labels()).toEqual({ name: 'base', tags: ['first', 'y'], starred: false });
  });
});

describe('recsys neighbours', () => {
  it('answers with the best model that has vectors', async () => {
    const { stdout, stderr } = await cli('neighbours', 'artist0_1|||track0_1', '-k', '5', '--json');
    const reply = NeighbourReply.parse(JSON.parse(stdout));
    expect(stderr).toBe('');
    expect(reply).toMatchObject({ run: base, model: 'prod2vec-min-count-1', query: 'artist0_1|||track0_1' });
    expect(reply.neighbours).toHaveLength(5);
    const scores = reply.neighbours.map(({ score }) => score);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    expect(reply.neighbours.map(({ item }) => item)).not.toContain('artist0_1|||track0_1');
    const text = await cli('neighbours', 'artist0_1|||track0_1', '-k', '2');
    expect(text.stdout.trimEnd().split('\n')).toHaveLength(4);
  });

  it('counts files that packages share with prepared data once', () => {
    const run = store.run(base);
    const files = fs.readdirSync(run.folder, { recursive: true, withFileTypes: true });
    const sizes = new Map<number, number>();
    for (const file of files.filter((entry) => /\.(npy|parquet|json)$/.test(entry.name))) {
      const { ino, size } = fs.statSync(path.join(file.parentPath, file.name));
      if (!['state.json', 'run.json', 'labels.json'].includes(file.name)) sizes.set(ino, size);
    }
    const onDisk = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(viewRun(run).bytes).toBe(onDisk);
  });

  it('asks a package that was copied out of its run, and stands alone', async () => {
    const copy = path.join(folder, 'away', 'model');
    fs.cpSync(store.run(base).stepFolder('train/prod2vec-min-count-1'), copy, { recursive: true });
    for (const command of ['neighbours', 'recommend']) {
      const [ofRun, ofPackage] = await Promise.all([
        cli(command, 'artist0_1|||track0_1', '--run', 'base', '--model', 'prod2vec-min-count-1', '--json'),
        recsys([command, 'artist0_1|||track0_1', '--package', 'model', '--json'], {
          cwd: path.dirname(copy),
        }),
      ]);
      const { run, ...said } = JSON.parse(ofRun.stdout) as Record<string, unknown>;
      expect(run).toBe(base);
      expect(JSON.parse(ofPackage.stdout)).toEqual({ ...said, package: 'model' });
    }
    // As in a terminal of an editor whose runs lie elsewhere.
    const text = await recsys(['neighbours', 'artist0_1|||track0_1', '--package', copy], {
      cwd: os.tmpdir(),
      env: { RECSYS_STORE: path.join(folder, 'elsewhere') },
    });
    expect(text.stdout).toContain(`of the package ${copy}`);
  });

  it('refuses a package beside a run, and a folder that is none', async () => {
    const both = await cli('neighbours', 'x', '--package', '.', '--run', 'base');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
    const none = await cli('neighbours', 'x', '--package', '.');
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('holds no model')]);
  });

  it('asks another model or run when told to', async () => {
    const { stdout } = await cli(
      'neighbours',
      'artist0_1|||track0_1',
      '--model',
      'popularity',
      '--run',
      'base',
      '--json',
    );
    expect(NeighbourReply.parse(JSON.parse(stdout)).model).toBe('popularity');
  });

  it.each([
    [['track0_1'], 3, /No item is called 'track0_1'/, /Did you mean: artist0_1\|\|\|track0_1/],
    [['nothing like it'], 3, /No item is called/, /joined by \|\|\|/],
    [['artist0_1|||track0_1', '--model', 'markov'], 3, /no trained model 'markov'/, /It has: .*popularity/],
    [['artist0_1|||track0_1', '--run', 'nope'], 3, /No run is called 'nope'/, /recsys runs/],
  ])('refuses %j', async (args, code, message, hint) => {
    const end = await cli('neighbours', ...args);
    expect(end.code).toBe(code);
    expect(end.stderr).toMatch(message);
    expect(end.stderr).toMatch(hint);
    expect(end.stdout).toBe('');
  });
});

describe('recsys recommend', () => {
  const heard = ['artist0_1|||track0_1', 'artist0_2|||track0_2', 'artist0_1|||track0_1'];
  const recommend = async (args: readonly string[], input?: string): Promise<RecommendReply> => {
    const end = await recsys(['recommend', ...args, '--json'], { cwd: folder, ...(input ? { input } : {}) });
    expect(end.stderr).toBe('');
    return RecommendReply.parse(JSON.parse(end.stdout));
  };

  it('answers with the best model on validation, without what the list holds', async () => {
    const reply = await recommend([...heard, '-k', '7']);
    const best = readReport(store.run(base))?.selection.best;
    expect(reply).toMatchObject({ run: base, model: best, query: heard, answeredBy: 'model' });
    expect(reply).not.toHaveProperty('skipped');
    expect(reply.recommendations).toHaveLength(7);
    const items = reply.recommendations.map(({ item }) => item);
    expect(items.filter((item) => heard.includes(item))).toEqual([]);
    const scores = reply.recommendations.map(({ score }) => score ?? NaN);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });

  it('says why where asked, or that the model cannot', async () => {
    const end = await cli('recommend', ...heard, '--model', 'popularity', '--explain');
    expect(end.stdout).toContain('popularity cannot tell why.');
    expect((await recommend([...heard, '--model', 'popularity', '--explain'])).recommendations).toEqual(
      (await recommend([...heard, '--model', 'popularity'])).recommendations,
    );
  });

  it('puts seen items back where asked, at the place they have among the others', async () => {
    const all = ['-k', '1000', '--model', 'popularity', heard[0] ?? ''];
    const kept = (await recommend([...all, '--keep-seen'])).recommendations;
    const removed = (await recommend(all)).recommendations;
    expect(kept.length).toBe(removed.length + 1);
    expect(kept.filter(({ item }) => item !== heard[0])).toEqual(removed);
  });

  it('reads items from standard input and from a file, older than those that are named', async () => {
    const direct = await recommend([...heard, '--model', 'prod2vec-min-count-1']);
    const [oldest = '', ...newer] = heard;
    const model = ['--model', 'prod2vec-min-count-1'];
    expect(await recommend(['-', ...model], `${heard.join('\r\n')}\r\n\n`)).toEqual(direct);
    fs.writeFileSync(path.join(folder, 'heard.txt'), `\uFEFF${oldest}\n`);
    expect(await recommend(['--from', 'heard.txt', ...newer, ...model])).toEqual(direct);
    expect(await recommend(['--from', '-', ...newer, ...model], oldest)).toEqual(direct);
  });

  it('leaves unknown names out where asked, and says when popularity answers', async () => {
    const reply = await recommend(['nobody', ...heard, '--skip-unknown']);
    expect(reply).toMatchObject({ query: heard, skipped: ['nobody'], answeredBy: 'model' });
    const none = await recommend(['nobody', '--skip-unknown', '--model', 'prod2vec-min-count-1', '-k', '3']);
    expect(none).toMatchObject({ query: [], answeredBy: 'popularity' });
    const popular = await recommend([heard[0] ?? '', '--model', 'popularity', '--keep-seen', '-k', '3']);
    expect(none.recommendations).toEqual(
      popular.recommendations.map((item) => ({ ...item, answeredBy: 'popularity' })),
    );
    const text = await cli('recommend', 'nobody', '--skip-unknown', '--model', 'prod2vec-min-count-1');
    expect(text.stdout).toMatch(
      /^Most popular of run .* has nothing of its own after this list\nleft out: nobody\n/,
    );
  });

  it.each([
    [['track0_1'], 3, /No item is called 'track0_1'/, /Did you mean: artist0_1\|\|\|track0_1/],
    [
      ['track0_1', 'artist0_1|||track0_1', 'nobody'],
      3,
      /No items are called 'track0_1', 'nobody'\./,
      /Did you mean: artist0_1\|\|\|track0_1 for 'track0_1'\? .*--skip-unknown/,
    ],
    [[], 2, /no item to go on from/, /newest last/],
    [['--from', 'none.txt'], 3, /cannot be read from none\.txt/, /one item a line/],
    [['artist0_1|||track0_1', '--model', 'markov'], 3, /no trained model 'markov'/, /It has: .*popularity/],
    [['artist0_1|||track0_1', '-k', '0'], 2, /at least 1/, /--help/],
  ])('refuses %j', async (args, code, message, hint) => {
    const end = await cli('recommend', ...args);
    expect(end.code).toBe(code);
    expect(end.stderr).toMatch(message);
    expect(end.stderr).toMatch(hint);
    expect(end.stdout).toBe('');
  });
});

describe('labels at the same time', () => {
  it('are all kept, from as many commands', { timeout: 60_000 }, async () => {
    const tags = Array.from({ length: 8 }, (_, i) => `at-once-${i}`);
    const ends = await Promise.all(tags.map((tag) => cli('label', 'base', '--tag', tag)));
    expect(ends.map(({ code }) => code)).toEqual(tags.map(() => 0));
    expect(store.run(base).labels().tags).toEqual(expect.arrayContaining(tags));
    await cli('label', 'base', ...tags.flatMap((tag) => ['--untag', tag]));
    expect(fs.readdirSync(store.run(base).folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each(['latest', '20261122-114953120-k3f9'])(
    'the name %s is refused before anything is done',
    async (name) => {
      for (const command of [
        ['run', 'none.csv'],
        ['label', 'base'],
      ]) {
        const end = await cli(...command, '--name', name);
        expect(end.code).toBe(2);
        expect(end.stderr).toMatch(/^Error: A run cannot be called .*\nChoose another name\.\n$/);
      }
    },
  );
});

describe('recsys card and logs', () => {
  it('writes one HTML file that needs no other', async () => {
    const end = await cli('card', 'base', '-o', 'card.html');
    expect(end.code, end.stderr).toBe(0);
    const html = fs.readFileSync(path.join(folder, 'card.html'), 'utf8');
    expect(html).toContain(base);
    expect(html).not.toMatch(/(src|href)="https?:/);
    const missing = await cli('card', 'base', '-o', 'no/such/folder/card.html');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^Error: The folder .*no\/such\/folder is not there/);
  });

  it('prints what happened, by time, of all steps or of one', async () => {
    const all = await cli('logs', 'base');
    for (const step of SMALL_STEPS) expect(all.stdout).toContain(`${step} succeeded`);
    const one = await cli('logs', 'base', '--step', 'train/popularity', '--json');
    const lines = one.stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(printedEvent.parse(JSON.parse(line)).step).toBe('train/popularity');
    expect((await cli('logs', 'base', '--step', 'train/nope')).code).toBe(3);
  });
});

describe('going on with a run', () => {
  it('prepare, train and evaluate are one run', async () => {
    const end = await cli('prepare', 'tiny.csv', ...SMALL_JOB, '--name', 'steps');
    expect(end.code, end.stderr).toBe(0);
    const run = store.resolve('steps');
    expect(run.manifest().until).toBe('prepare');
    expect(run.stepState('train/popularity')).toBeUndefined();
    expect((await cli('train', 'steps', '--tag', 'later')).code).toBe(0);
    expect(run.labels()).toMatchObject({ name: 'steps', tags: ['later'] });
    expect(run.stepState('train/popularity')?.state).toBe('succeeded');
    expect(run.stepState('evaluate/popularity')).toBeUndefined();
    expect((await cli('evaluate', 'steps')).code).toBe(0);
    expect(EvaluationReport.safeParse(readReport(run)).success).toBe(true);
    const again = await cli('evaluate', 'steps');
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/has finished 'evaluate' already.*\n.*--from evaluate/);
    expect((await cli('resume', 'steps')).stderr).toMatch(/nothing to resume/);
    await cli('rm', 'steps');
  });

  it('with a changed parameter is a new run that keeps what it can, as the same files', async () => {
    const end = await cli('evaluate', base, '--validation-queries', '150');
    expect(end.code, end.stderr).toBe(0);
    const run = store.resolve('latest');
    expect(run.manifest().origin).toEqual({ run: base, reason: 'changed validationQueries' });
    expect(run.manifest().parameters).toMatchObject({ validationQueries: 150, epochs: 2, seed: 1 });
    for (const step of ['prepare', 'train/popularity', 'train/prod2vec-min-count-1'])
      expect(identities(run.stepFolder(step))).toEqual(identities(store.run(base).stepFolder(step)));
    expect(run.stepState('report')?.run).toBe(run.id);
    await cli('rm', run.id);
  });

  it('--from a branch does it and what needs it anew', async () => {
    const end = await cli('evaluate', base, '--from', 'train/popularity');
    expect(end.code, end.stderr).toBe(0);
    const run = store.resolve('latest');
    const anew = SMALL_STEPS.filter((step) => run.stepState(step)?.run === run.id);
    expect(anew).toEqual(['train/popularity', 'evaluate/popularity', 'report']);
    await cli('rm', run.id);
    const unknown = await cli('evaluate', base, '--from', 'sleep');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/no step or branch 'sleep'/);
  });
});

describe('cancelling and resuming', () => {
  const LONG = [
    '--models',
    'prod2vec',
    '--sets',
    '[{"min_count":1}]',
    '--vector-size',
    '64',
    '--epochs',
    '100000',
  ];

  it(
    'stops everything within two seconds, from a process without a handle, and the run can go on',
    { timeout: 90_000 },
    async () => {
      const { child, end } = startRecsys(['run', 'tiny.csv', ...LONG, '--name', 'long'], { cwd: folder });
      const training = 'train/prod2vec-min-count-1';
      await expect
        .poll(() => namedRun('long')?.stepState(training)?.state, { timeout: 60_000 })
        .toBe('running');
      const run = store.resolve('long');
      const pids = [child.pid, run.stepState(training)?.process.pid];
      const cancel = await cli('cancel', 'long');
      expect(cancel.code, cancel.stderr).toBe(0);
      expect((await end).code, (await end).stderr).toBe(130);
      expect((await end).stderr).toMatch(/Cancelled\. .*recsys resume/);
      const asked = fs.statSync(run.cancelFile(1)).mtimeMs;
      expect(Date.parse(run.driverState()?.finished ?? '') - asked).toBeLessThan(patience(2000));
      expect(pids.map(exists)).toEqual([false, false]);
      expect(viewRun(run).state).toBe('cancelled');
      const again = await cli('cancel', 'long');
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(/is not running/);
      await resumeAndInterrupt(training);
    },
  );

  async function resumeAndInterrupt(training: string): Promise<void> {
    const run = store.resolve('long');
    const prepared = identities(run.stepFolder('prepare'));
    const { child, end } = startRecsys(['resume', 'long'], { cwd: folder });
    await expect.poll(() => run.stepState(training)?.attempt, { timeout: 60_000 }).toBe(2);
    const busy = await cli('resume', 'long');
    expect(busy.code).toBe(1);
    expect(busy.stderr).toMatch(/is already running/);
    expect((await cli('rm', 'long')).stderr).toMatch(/is running/);
    // As Ctrl-C in a terminal.
    child.kill('SIGINT');
    expect((await end).code, (await end).stderr).toBe(130);
    expect(identities(run.stepFolder('prepare'))).toEqual(prepared);
    expect((await cli('rm', 'long')).code).toBe(0);
  }

  function namedRun(name: string): ReturnType<RunStore['resolve']> | undefined {
    return store
      .runIds()
      .map((id) => store.run(id))
      .find((run) => run.labels().name === name);
  }
});

describe('cleaning up', () => {
  it('clean keeps what is labelled, and says what it would delete', async () => {
    await cli('prepare', 'tiny.csv', ...SMALL_JOB);
    const dry = await cli('clean', '--keep-latest', '0', '--keep-days', '0', '--dry-run');
    expect(dry.stdout).toMatch(/^would delete \S+ \(/);
    expect(store.runIds()).toHaveLength(2);
    const real = await cli('clean', '--keep-latest', '0', '--keep-days', '0');
    expect(real.stdout).toMatch(/^deleted/);
    expect(store.runIds()).toEqual([base]);
    expect((await cli('clean')).stdout).toMatch(/Nothing to clean up/);
  });

  it('rm of an unknown run deletes nothing', async () => {
    const end = await cli('rm', 'base', 'nope');
    expect(end.code).toBe(3);
    expect(store.runIds()).toEqual([base]);
  });
});
