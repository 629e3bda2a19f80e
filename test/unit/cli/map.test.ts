/** `recsys map`, and the engine's answers about the same run. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { EngineMethod, EngineParams, EngineReply } from '../../../src/protocol/engine.ts';
import { withDuckDB } from '../../../src/pipeline/data/duckdb-session.ts';
import { AskedEngine } from '../support/asked-engine.ts';
import { recsys } from '../support/recsys-cli.ts';
import { SMALL_JOB } from '../support/small-job.ts';
import { writeTinyPlaylists } from '../support/tiny-data.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';

const folder = temporaryFolder();
let engine: AskedEngine;

beforeAll(async () => {
  writeTinyPlaylists(path.join(folder, 'tiny.csv'));
  const run = await recsys(['run', 'tiny.csv', ...SMALL_JOB, '--name', 'base'], { cwd: folder });
  expect(run.code, run.stderr).toBe(0);
  engine = new AskedEngine(folder);
}, 120_000);
afterAll(() => {
  engine.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
});

const ask = <M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineReply<M>> =>
  engine.ask(method, params);

const floats = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
const integers = (base64: string): Int32Array =>
  new Int32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);

describe('recsys map', () => {
  it('writes a page, a picture and a table of the same places, and makes them once', async () => {
    const end = await recsys(['map', 'base', '-o', 'map.html'], { cwd: folder });
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toMatch(/UMAP of 180 items · trustworthiness@15 \.\d{3} \(PCA \.\d{3}\)/);
    const html = fs.readFileSync(path.join(folder, 'map.html'), 'utf8');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/(src|href)="?https?:/);
    const svg = await recsys(['map', 'base', '-o', 'map.svg', '--colour', 'group'], { cwd: folder });
    expect(svg.stdout).toContain('made earlier');
    expect(fs.readFileSync(path.join(folder, 'map.svg'), 'utf8').match(/<circle/g)).toHaveLength(180);
    await recsys(['map', 'base', '-o', 'map.png'], { cwd: folder });
    // A run's size is what it holds, and what goes with it.
    const shown = await recsys(['show', 'base'], { cwd: folder });
    expect(shown.stdout).toMatch(/^size +[\d.]+ \w+ \(maps: [\d.]+ \w+\)$/m);
    const png = fs.readFileSync(path.join(folder, 'map.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1600);
    const table = await recsys(['map', 'base', '-o', 'map.parquet'], { cwd: folder });
    expect(table.code, table.stderr).toBe(0);
    const row = await withDuckDB({ memoryLimit: 200, threads: 1 }, (session) =>
      session.row(
        `SELECT count(*)::DOUBLE AS items, count(DISTINCT item)::DOUBLE AS names, bool_and(isfinite(x) AND isfinite(y)) AS placed FROM '${path.join(folder, 'map.parquet')}'`,
        z.object({ items: z.number(), names: z.number(), placed: z.boolean() }),
      ),
    );
    expect(row).toEqual({ items: 180, names: 180, placed: true });
  });

  it('says what it cannot map', async () => {
    const plain = await recsys(['map', 'base', '--model', 'popularity'], { cwd: folder });
    expect(plain.code).toBe(1);
    expect(plain.stderr).toContain("Model 'popularity' (popularity) has no item vectors");
    const ending = await recsys(['map', 'base', '-o', 'map.doc'], { cwd: folder });
    expect(ending.code).toBe(2);
    expect(ending.stderr).toContain('ends in none of .html');
    const coloured = await recsys(['map', 'base', '--colour', 'group'], { cwd: folder });
    expect(coloured.code).toBe(2);
    expect(coloured.stderr).toContain('--colour is for pictures');
    const gone = await recsys(['map', 'none'], { cwd: folder });
    expect(gone.code).toBe(3);
  });

  it('maps the most frequent only, where asked', async () => {
    const end = await recsys(['map', 'base', '--method', 'pca', '--most', '50', '-o', 'some.svg'], {
      cwd: folder,
    });
    expect(end.stdout).toContain('PCA of 50 items (the most frequent of 180)');
  });
});

describe('the engine on maps', () => {
  it('tells the items, the most frequent first, with names and groups', async () => {
    const items = await ask('projections/items', { run: 'base', from: 0 });
    expect(items).toMatchObject({ label: 'base', model: 'prod2vec-min-count-1', dimension: 8, items: 180 });
    const names = Buffer.from(items.names, 'base64');
    const ends = integers(items.nameEnds);
    expect(names.subarray(0, ends[0]).toString()).toMatch(/^artist\d_\d\|\|\|track\d_\d+$/);
    expect(ends.at(-1)).toBe(names.length);
    const counts = [...integers(items.counts)];
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  it('gives the places that the command line wrote, the clusters, and true neighbours', async () => {
    const made = await ask('projections/project', { run: 'base', method: 'umap', from: 0 });
    expect(made).toMatchObject({ method: 'umap', kept: true });
    expect(floats(made.positions)).toHaveLength(360);
    const { clusters, typical } = await ask('projections/clusters', { run: 'base', from: 0 });
    expect(Buffer.from(clusters, 'base64')).toHaveLength(180);
    expect(typical.length).toBeGreaterThan(1);
    const items = await ask('projections/items', { run: 'base', from: 0 });
    const codes = integers(items.codes);
    const near = await ask('projections/neighbours', { run: 'base', item: codes[0] ?? 0, k: 5 });
    const first = Buffer.from(items.names, 'base64').subarray(0, integers(items.nameEnds)[0]).toString();
    const told = await ask('neighbours/query', { run: 'base', item: first, k: 5 });
    expect(near.scores).toEqual(told.neighbours.map(({ score }) => score));
    expect(await ask('projections/neighbours', { run: 'base', item: 999_999, k: 5 })).toEqual({
      items: [],
      scores: [],
    });
  });

  it('answers others while it projects, tells how far it is, and gives up within a second', async () => {
    const cancel = new CancellationTokenSource();
    const asked = { run: 'base', method: 'tsne', seed: 7 } as const;
    const made = engine.connection.sendRequest('projections/project', asked, cancel.token);
    made.catch(() => undefined);
    await ask('projections/items', { run: 'base', from: 0 });
    const began = performance.now();
    cancel.cancel();
    await expect(made).rejects.toThrow('given up');
    expect(performance.now() - began).toBeLessThan(patience(1000));
    expect(await ask('projections/progress', { run: 'base', method: 'tsne', since: 0 })).toMatchObject({
      version: 0,
    });
  });
});
