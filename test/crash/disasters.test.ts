/** Full disks, read-only stores, killed drivers and orphans, two runs at once: clear messages, and runs that go on. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RunStore } from '../../src/pipeline/store/run-store.ts';
import { viewRun } from '../../src/pipeline/views/view-run.ts';
import { viewStore } from '../../src/pipeline/views/view-store.ts';
import { alive } from '../unit/support/alive.ts';
import { recsys, startRecsys, type CliEnd } from '../unit/support/recsys-cli.ts';
import { SMALL_JOB, SMALL_STEPS } from '../unit/support/small-job.ts';
import { writeTinyPlaylists } from '../unit/support/tiny-data.ts';
import { identities, temporaryFolder } from '../unit/support/toy-store.ts';
import { mayMount, mount } from './mounting.ts';
import { patience } from '../unit/support/patience.ts';

const folder = temporaryFolder();
const cli = (...args: string[]): Promise<CliEnd> => recsys(args, { cwd: folder });
const mounted: string[] = [];

const canMount = mayMount(folder);
if (!canMount)
  process.stderr.write('Skipped: full disk and read-only store need the right to mount a tmpfs.\n');

beforeAll(() => writeTinyPlaylists(path.join(folder, 'tiny.csv')));
afterEach(() => {
  for (const place of mounted.splice(0).reverse()) spawnSync('umount', ['-l', place]);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const leftovers = (place: string): string[] =>
  fs
    .readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|\/)(\.partial-|scratch)/.test(name) && !name.includes('/driver/'));

describe.runIf(canMount)('a full disk', () => {
  it.each([0, 12, 40, 80, 160])(
    'with %i kB to spare: says so, leaves nothing half-written, and the run goes on when there is space',
    { timeout: 120_000 },
    async (spare) => {
      const disk = path.join(folder, `disk-${spare}`);
      fs.mkdirSync(disk);
      // A folder, a directory entry and a small file take a page of 4 kB each.
      expect(mount('-t', 'tmpfs', '-o', `size=${spare + 4}k`, 'tmpfs', disk)).toBe(true);
      mounted.push(disk);
      const at = ['--store', path.join(disk, 'store')];
      const end = await cli('run', 'tiny.csv', ...SMALL_JOB, ...at);
      expect(end.code, end.stderr).toBe(1);
      expect(end.stderr).toMatch(/disk is full/i);
      expect(end.stderr).toMatch(/free some space/i);
      expect(end.stderr).not.toMatch(/^\s+at /m);
      const store = RunStore.open(path.join(disk, 'store'));
      expect(viewStore(store).broken).toEqual([]);
      const before = store.runIds().map((id) => viewRun(store.run(id)));
      expect(mount('-o', 'remount,size=20m', disk)).toBe(true);
      const again = await (before.length === 0
        ? cli('run', 'tiny.csv', ...SMALL_JOB, ...at)
        : cli('resume', 'latest', ...at));
      expect(again.code, again.stderr).toBe(0);
      const run = store.resolve('latest');
      expect(viewRun(run).steps.map((step) => [step.path, step.state])).toEqual(
        SMALL_STEPS.map((step) => [step, 'succeeded']),
      );
      expect(leftovers(run.folder)).toEqual([]);
      for (const step of before.flatMap((view) => view.steps).filter(({ state }) => state === 'succeeded'))
        expect(run.stepState(step.path)?.started, step.path).toBe(step.started);
    },
  );
});

describe.runIf(canMount)('a read-only store', () => {
  it('can be looked at, and says why it cannot be written', { timeout: 120_000 }, async () => {
    const place = path.join(folder, 'read-only');
    const at = ['--store', place];
    expect((await cli('run', 'tiny.csv', ...SMALL_JOB, ...at)).code).toBe(0);
    expect((await cli('prepare', 'tiny.csv', ...SMALL_JOB, ...at)).code).toBe(0);
    mounted.push(place);
    expect(mount('--bind', place, place) && mount('-o', 'remount,ro,bind', place)).toBe(true);
    for (const args of [
      ['runs'],
      ['show', 'latest'],
      ['logs', 'latest'],
      ['neighbours', 'artist0_1|||track0_1'],
    ])
      expect((await cli(...args, ...at)).code, args.join(' ')).toBe(0);
    const writing = [
      ['run', 'tiny.csv', ...SMALL_JOB],
      ['train', 'latest'],
      ['evaluate', 'latest', '--seed', '5'],
      ['label', 'latest', '--name', 'x'],
      ['rm', 'latest'],
    ];
    for (const args of writing) {
      const end = await cli(...args, ...at);
      expect(end.code, end.stderr).toBe(1);
      expect(end.stderr, args.join(' ')).toMatch(
        /The run store .*read-only cannot be written: it is read-only\./,
      );
      expect(end.stderr).not.toMatch(/^\s+at /m);
    }
  });
});

/** Command lines of the processes that work on a store. */
function processesOf(store: string): string[] {
  const lines = fs.readdirSync('/proc').flatMap((pid) => {
    try {
      return [fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });
  return lines.filter((line) => line.includes(store));
}

describe('a killed driver', () => {
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
  const training = 'train/prod2vec-min-count-1';
  let store: RunStore;
  let pids: number[] = [];

  /** Starts a long run, kills its driver while it trains, and gives the pid of the step's process. */
  async function killDriver(name: string): Promise<number> {
    store = RunStore.open(path.join(folder, name));
    const { child, end } = startRecsys(['run', 'tiny.csv', ...LONG, '--store', store.folder], {
      cwd: folder,
    });
    const state = (): string | undefined => {
      const [id] = store.runIds();
      return id === undefined ? undefined : store.run(id).stepState(training)?.state;
    };
    await expect.poll(state, { timeout: 60_000 }).toBe('running');
    // The driver, the step, and the process for the next.
    await expect.poll(() => processesOf(store.folder)).toHaveLength(3);
    child.kill('SIGKILL');
    expect((await end).signal).toBe('SIGKILL');
    const pid = store.resolve('latest').stepState(training)?.process.pid ?? 0;
    pids.push(pid);
    return pid;
  }
  afterEach(() => {
    for (const pid of pids) if (alive(pid)) process.kill(pid, 'SIGKILL');
    pids = [];
  });

  it('takes its children with it within two seconds', { timeout: 90_000 }, async () => {
    const pid = await killDriver('killed');
    await expect.poll(() => alive(pid), { timeout: patience(2000), interval: 50 }).toBe(false);
    // The one that stood by for the next step, too.
    await expect.poll(() => processesOf(store.folder), { timeout: patience(2000), interval: 50 }).toEqual([]);
    const run = store.resolve('latest');
    expect(viewRun(run).state).toBe('interrupted');
    const cancel = await cli('cancel', 'latest', '--store', store.folder);
    expect(cancel.code).toBe(1);
    expect(cancel.stderr).toMatch(/is not running/);
  });

  it(
    'leaves a run that resumes even while an orphan still runs, which is ended first',
    { timeout: 90_000 },
    async () => {
      const orphan = await killDriver('orphaned');
      // A stopped process hears nothing: neither the closed channel nor a request.
      if (alive(orphan)) process.kill(orphan, 'SIGSTOP');
      const run = store.resolve('latest');
      const prepared = identities(run.stepFolder('prepare'));
      const { end } = startRecsys(['resume', 'latest', '--store', store.folder], { cwd: folder });
      await expect.poll(() => run.stepState(training)?.attempt, { timeout: 30_000 }).toBe(2);
      expect(alive(orphan)).toBe(false);
      expect(run.stepState(training)?.process.pid).not.toBe(orphan);
      expect((await cli('cancel', 'latest', '--store', store.folder)).code).toBe(0);
      expect((await end).code).toBe(130);
      expect(identities(run.stepFolder('prepare'))).toEqual(prepared);
    },
  );
});

describe('two runs at once in one store', () => {
  it('do not disturb each other', { timeout: 120_000 }, async () => {
    const at = ['--store', path.join(folder, 'shared')];
    const ends = await Promise.all(
      [1, 2, 3].map(() => cli('run', 'tiny.csv', ...SMALL_JOB, ...at, '--max-workers', '1')),
    );
    expect(
      ends.map(({ code }) => code),
      ends.map(({ stderr }) => stderr).join('\n'),
    ).toEqual([0, 0, 0]);
    const store = RunStore.open(path.join(folder, 'shared'));
    const view = viewStore(store);
    expect(view.broken).toEqual([]);
    expect(view.runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    const hashes = store.runIds().map((id) => store.run(id).stepState('prepare')?.artifacts);
    expect(hashes[1]).toEqual(hashes[0]);
    expect(leftovers(store.folder)).toEqual([]);
  });

  it('of the same run: one resumes it, the other says so', { timeout: 120_000 }, async () => {
    const at = ['--store', path.join(folder, 'same')];
    await cli('prepare', 'tiny.csv', ...SMALL_JOB, ...at);
    const ends = await Promise.all([1, 2].map(() => cli('train', 'latest', ...at)));
    expect(ends.map(({ code }) => code).sort()).toEqual([0, 1]);
    const loser = ends.find(({ code }) => code === 1);
    expect(loser?.stderr).toMatch(/is already running|being started by another process|has finished/);
    const run = RunStore.open(path.join(folder, 'same')).resolve('latest');
    expect(run.stepState('train/popularity')).toMatchObject({ state: 'succeeded', attempt: 1 });
  });
});

describe('a store that is broken or of another version', () => {
  it('of a newer version is left alone, by every command', async () => {
    const place = path.join(folder, 'newer');
    fs.mkdirSync(place);
    fs.writeFileSync(path.join(place, 'store.json'), '{"format":99}');
    for (const args of [['runs'], ['run', 'tiny.csv', ...SMALL_JOB], ['rm', 'latest'], ['clean']]) {
      const end = await cli(...args, '--store', place);
      expect(end.code).toBe(1);
      expect(end.stderr).toMatch(/has format 99; this version of RecSys knows up to 1\.\nUpdate RecSys/);
    }
    expect(fs.readdirSync(place)).toEqual(['store.json']);
  });

  it(
    'with one garbage run lists the others, names the broken one, and can delete it',
    { timeout: 60_000 },
    async () => {
      const at = ['--store', path.join(folder, 'garbage')];
      await cli('prepare', 'tiny.csv', ...SMALL_JOB, ...at);
      await cli('prepare', 'tiny.csv', ...SMALL_JOB, ...at);
      const store = RunStore.open(path.join(folder, 'garbage'));
      const [broken = '', good = ''] = store.runIds();
      fs.writeFileSync(store.run(broken).manifestFile, Buffer.from([0, 255, 1, 2]));
      const runs = await cli('runs', ...at);
      expect(runs.code).toBe(0);
      expect(runs.stdout).toMatch(new RegExp(`^${good} `, 'm'));
      expect(runs.stdout).toMatch(new RegExp(`^! ${broken}: .*run\\.json is broken`, 'm'));
      const show = await cli('show', broken, ...at);
      expect(show.code).toBe(1);
      expect(show.stderr).toMatch(/run\.json is broken/);
      expect((await cli('resume', broken, ...at)).code).toBe(1);
      expect((await cli('rm', broken, ...at)).code).toBe(0);
      expect(store.runIds()).toEqual([good]);
    },
  );
});
