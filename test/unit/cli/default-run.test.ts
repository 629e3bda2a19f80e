/** `recsys run` as it stands in the README: no option at all. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { EvaluationReport } from '../../../src/protocol/report.ts';
import { recsys } from '../support/recsys-cli.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const share = z.number().check(z.gt(0), z.lte(1));
const Chosen = z.object({
  metric: z.string(),
  queries: z.int().check(z.gt(0)),
  reached: z.int().check(z.gt(0)),
  crossFitted: z.array(z.object({ stage: z.string(), value: share })).check(z.minLength(2)),
});

const MODELS = [
  ...['recency-encoder', 'prod2vec-min-count-3', 'prod2vec-min-count-5', 'prod2vec-min-count-10'],
  ...[
    'sequential-item-knn',
    'sequential-item-knn-near',
    'sequential-item-knn-wide',
    'session-knn',
    'session-knn-newest',
    'n-gram',
    'group-affinity',
    'stack',
  ],
  ...['popularity', 'group-popularity', 'markov'],
];

function reportIn(store: string): EvaluationReport {
  const file = fs
    .readdirSync(store, { recursive: true, encoding: 'utf8' })
    .find((name) => path.basename(name) === 'report.json');
  return EvaluationReport.parse(JSON.parse(fs.readFileSync(path.join(store, file ?? ''), 'utf8')));
}

it('trains and compares the default models, and says what the stack weighs', async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  const end = await recsys(['run', 'tiny.csv'], { cwd: folder });
  expect(end.code, end.stderr).toBe(0);
  const report = reportIn(path.join(folder, '.recsys'));
  expect(report.failedBranches).toEqual([]);
  expect(report.models.map(({ name }) => name).sort()).toEqual([...MODELS].sort());
  const stack = report.models.find(({ name }) => name === 'stack')?.stack;
  const named = stack?.members.map(({ name }) => name).sort();
  expect(named).toEqual([
    'group-affinity',
    'n-gram',
    'recency-encoder',
    'sequential-item-knn',
    'sequential-item-knn-near',
    'sequential-item-knn-wide',
    'session-knn',
    'session-knn-newest',
  ]);
  expect(Chosen.parse(stack?.chosen).crossFitted[0]?.stage).toBe('members');
  expect(stack?.features.some(({ name }) => name === 'recency-encoder: log-probability')).toBe(true);
}, 120_000);
