/** The long crash test: 200 real kills, each followed by a resume (`test/crash/kill-campaign.ts` says what must hold). */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { killCampaign, killsByProcess } from '../test/crash/kill-campaign.ts';
import type { BenchResult } from './result-row.ts';

const KILLS = Number(process.env['RECSYS_KILLS'] ?? 200);
const SEED = 2026;

/** @throws Error when anything finished was lost, done again or changed, or an end differed from an undisturbed run's */
export async function run(): Promise<BenchResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-crash-'));
  try {
    const campaign = await killCampaign(folder, KILLS, SEED);
    if (campaign.problems.length > 0) throw new Error(campaign.problems.join('\n'));
    const by = Object.entries(killsByProcess(campaign)).map(([name, count]) => `${name} ${count}`);
    const operations = campaign.counted.reduce((sum, { boundaries }) => sum + boundaries, 0);
    return {
      rows: [
        {
          what: 'kill -9 at random file operations, bytes written and times, then resume',
          ours: `${campaign.kills.length} kills in ${campaign.runs} runs, all resumed to the same bytes`,
          reference: 'an undisturbed run',
          ratio: 1,
          note: `kills: ${by.join(', ')}; an undisturbed run has ${operations} file operations that change the disk`,
        },
      ],
      about: `300 generated playlists, prod2vec and popularity, deterministic; seed ${SEED}`,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
