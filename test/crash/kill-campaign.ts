/**
 * Real kills (`kill -9`) of the driver and of steps' processes, at random file operations, at random bytes written and
 * at random times. After each the store is looked through; at last the run is resumed and compared, byte by byte, with
 * an undisturbed one.
 */
import * as path from 'node:path';
import { seededRandom } from '../unit/support/tiny-data.ts';
import { CrashBench, type Counted, type Kill } from './crash-bench.ts';

/** Kills of one run before it may come to its end. */
const KILLS_A_RUN = 3;
/** Longest life, in milliseconds, of a process that is killed at a time. */
const LIFE_MS = 700;

export interface Campaign {
  readonly runs: number;
  readonly kills: readonly Kill[];
  /** Processes of an undisturbed run, with the file operations and bytes of each. */
  readonly counted: readonly Counted[];
  /** What was wrong after which kills; empty when all held. */
  readonly problems: readonly string[];
}

/** @param preparing to kill the process that prepares the data: a resumed run has none any more */
function planKill(counted: readonly Counted[], preparing: boolean, random: () => number): Kill {
  const named = (name: string): Counted | undefined => counted.find((one) => one.process === name);
  const later = counted.filter((one) => one.process !== 'driver' && one.process !== 'prepare');
  const any = random() < 0.25 ? named('driver') : later[Math.floor(random() * later.length)];
  const target = preparing ? named('prepare') : any;
  if (target === undefined) throw new Error('no process was counted');
  const upTo = (n: number): number => 1 + Math.floor(random() * n);
  const how = random();
  if (how < 0.5) return { process: target.process, boundary: upTo(target.boundaries) };
  if (how < 0.85) return { process: target.process, bytes: upTo(target.bytes) };
  return { process: target.process, after: upTo(LIFE_MS) };
}

/** Kills runs until as many processes as asked for have died, and says what did not hold. */
export async function killCampaign(folder: string, kills: number, seed: number): Promise<Campaign> {
  const undisturbed = new CrashBench(path.join(folder, 'undisturbed'));
  const counted = await undisturbed.count();
  const problems = undisturbed.problems();
  const expected = undisturbed.artifacts();
  const random = seededRandom(seed);
  const done: Kill[] = [];
  let runs = 0;
  for (; done.length < kills; runs++) {
    const bench = new CrashBench(path.join(folder, `run-${runs}`));
    const one = await killAndResume(bench, runs, counted, random);
    const artifacts = bench.artifacts();
    const changed = [...new Set([...Object.keys(expected), ...Object.keys(artifacts)])].filter(
      (name) => artifacts[name] !== expected[name],
    );
    if (changed.length > 0) one.problems.push(`not as undisturbed: ${changed.join(', ')}`);
    problems.push(...one.problems.map((problem) => `after ${JSON.stringify(one.kills)}: ${problem}`));
    done.push(...one.kills);
    bench.remove();
  }
  return { runs, kills: done, counted, problems };
}

/** Starts a run, kills it some times, and resumes it to its end, looking through the store after each. */
async function killAndResume(
  bench: CrashBench,
  number: number,
  counted: readonly Counted[],
  random: () => number,
): Promise<{ kills: Kill[]; problems: string[] }> {
  const kills: Kill[] = [];
  const problems: string[] = [];
  for (let i = 0; i < KILLS_A_RUN; i++) {
    const kill = planKill(counted, i === 0 && number % 2 === 0, random);
    const before = bench.kills;
    await (bench.store.runIds().length === 0 ? bench.start(kill) : bench.resume(kill));
    if (bench.kills > before) kills.push(kill);
    problems.push(...bench.problems());
  }
  if (bench.store.runIds().length === 0) await bench.start();
  // The first resume may end without branches that were killed; the second does these in a new run.
  const ends = [await bench.resume(), await bench.resume()];
  problems.push(...bench.problems());
  const last = ends.at(-1);
  if (last?.code !== 0)
    problems.push(`the last resume ended with ${last?.code ?? 'a signal'}: ${last?.stderr ?? ''}`);
  const state = bench.latest().driverState()?.state;
  if (state !== 'succeeded') problems.push(`the run is ${state ?? 'pending'}`);
  problems.push(...bench.leftovers().map((file) => `${file} was left`));
  return { kills, problems };
}

/** How many kills each process had. */
export function killsByProcess({ kills }: Campaign): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { process: name } of kills) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
