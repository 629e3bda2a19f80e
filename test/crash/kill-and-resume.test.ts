/**
 * Real kills (`kill -9`) of the driver and of steps' processes, at random file operations, at random bytes written and
 * at random times; after each the store is looked through, at last the run is resumed and compared, byte by byte, with
 * an undisturbed one. RECSYS_KILLS says how many kills (default 30), RECSYS_KILL_SEED which ones.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { seededRandom } from '../unit/support/tiny-data.ts';
import { CrashBench, type Counted, type Kill } from './crash-bench.ts';

const KILLS = Number(process.env['RECSYS_KILLS'] ?? 30);
const SEED = Number(process.env['RECSYS_KILL_SEED'] ?? 1);
/** Kills of one run before it may come to its end. */
const KILLS_A_RUN = 3;
/** Longest life, in milliseconds, of a process that is killed at a time. */
const LIFE_MS = 700;

const folder = temporaryFolder();
const root = new CrashBench(path.join(folder, 'undisturbed'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function planKill(counted: readonly Counted[], random: () => number): Kill {
  const driver = counted.find((one) => one.process === 'driver');
  const steps = counted.filter((one) => one.process !== 'driver');
  const target = random() < 0.3 ? driver : steps[Math.floor(random() * steps.length)];
  if (target === undefined) throw new Error('no process was counted');
  const upTo = (n: number): number => 1 + Math.floor(random() * n);
  const how = random();
  if (how < 0.5) return { process: target.process, boundary: upTo(target.boundaries) };
  if (how < 0.85) return { process: target.process, bytes: upTo(target.bytes) };
  return { process: target.process, after: upTo(LIFE_MS) };
}

describe('kill -9', () => {
  it(
    `${KILLS} times: nothing finished is lost, done again or changed, and the end is the same, byte by byte`,
    { timeout: 60_000 + KILLS * 30_000 },
    async () => {
      const counted = await root.count();
      expect(counted.map((one) => one.process).sort()).toEqual([
        'driver',
        'evaluate/popularity',
        'evaluate/prod2vec-min-count-1',
        'prepare',
        'report',
        'train/popularity',
        'train/prod2vec-min-count-1',
      ]);
      expect(root.problems()).toEqual([]);
      const undisturbed = root.artifacts();
      expect(Object.keys(undisturbed).length).toBeGreaterThan(15);
      const random = seededRandom(SEED);
      const killed: Record<string, number> = {};
      let total = 0;
      for (let number = 0; total < KILLS; number++) {
        const bench = new CrashBench(path.join(folder, `run-${number}`));
        const kills = await killAndResume(bench, counted, random);
        expect(bench.artifacts(), `artifacts after ${JSON.stringify(kills)}`).toEqual(undisturbed);
        for (const { process: name } of kills) killed[name] = (killed[name] ?? 0) + 1;
        total += bench.kills;
        bench.remove();
      }
      expect(total).toBeGreaterThanOrEqual(KILLS);
      process.stdout.write(`${total} kills: ${JSON.stringify(killed)}\n`);
    },
  );
});

/** Starts a run, kills it some times, and resumes it to its end, looking through the store after each. */
async function killAndResume(
  bench: CrashBench,
  counted: readonly Counted[],
  random: () => number,
): Promise<Kill[]> {
  const kills: Kill[] = [];
  const look = (): void => expect(bench.problems(), `after ${JSON.stringify(kills)}`).toEqual([]);
  for (let i = 0; i < KILLS_A_RUN; i++) {
    const kill = planKill(counted, random);
    const before = bench.kills;
    await (bench.store.runIds().length === 0 ? bench.start(kill) : bench.resume(kill));
    if (bench.kills > before) kills.push(kill);
    look();
  }
  if (bench.store.runIds().length === 0) await bench.start();
  // The first resume may end without branches that were killed; the second does these in a new run.
  const ends = [await bench.resume(), await bench.resume()];
  look();
  expect(ends.at(-1), JSON.stringify({ kills, ends }, null, 1)).toMatchObject({ code: 0 });
  expect(bench.latest().driverState()?.state).toBe('succeeded');
  expect(bench.leftovers(), `after ${JSON.stringify(kills)}`).toEqual([]);
  return kills;
}
