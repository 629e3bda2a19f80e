/** RECSYS_KILLS says how many processes are killed (default 12, from 30 on every kind of process is hit), RECSYS_KILL_SEED which ones. */
import * as fs from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../unit/support/toy-store.ts';
import { killCampaign, killsByProcess } from './kill-campaign.ts';

const KILLS = Number(process.env['RECSYS_KILLS'] ?? 12);
const SEED = Number(process.env['RECSYS_KILL_SEED'] ?? 1);
const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('kill -9', () => {
  it(
    `${KILLS} times: nothing finished is lost, done again or changed, and the end is the same, byte by byte`,
    { timeout: 60_000 + KILLS * 30_000 },
    async () => {
      const campaign = await killCampaign(folder, KILLS, SEED);
      process.stdout.write(
        `${campaign.kills.length} kills in ${campaign.runs} runs: ${JSON.stringify(killsByProcess(campaign))}\n`,
      );
      expect(campaign.problems).toEqual([]);
      expect(campaign.kills.length).toBeGreaterThanOrEqual(KILLS);
      const hit = Object.keys(killsByProcess(campaign)).map((name) => name.split('/')[0]);
      if (KILLS >= 30)
        for (const name of ['driver', 'prepare', 'train', 'evaluate']) expect(hit).toContain(name);
      expect(campaign.counted.map((one) => one.process).sort()).toEqual([
        ...['driver', 'evaluate/popularity', 'evaluate/prod2vec-min-count-1', 'prepare', 'report'],
        ...['train/popularity', 'train/prod2vec-min-count-1'],
      ]);
      for (const { boundaries, bytes } of campaign.counted) {
        expect(boundaries).toBeGreaterThan(20);
        expect(bytes).toBeGreaterThan(500);
      }
    },
  );
});
