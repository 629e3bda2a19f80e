import { describe, expect, it, vi } from 'vitest';
import { MapBehaviour, type MapSources } from '../../../src/extension/map/map-behaviour.ts';
import type { EngineMethod } from '../../../src/protocol/engine.ts';
import { mapPanel, type MapPanelContract } from '../../../src/protocol/panels/map.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import type { PanelHandle } from '../../../src/extension/panels/registry.ts';
import { syntheticMap } from '../../fixtures/synthetic-map.ts';

const { items, clusters, picture } = syntheticMap(4);
const projected = { positions: picture.positions, rows: picture.rows, seconds: 1, seed: 42, kept: false };

interface Asked {
  readonly method: EngineMethod;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
}

interface Pending {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

function pending(): Pending {
  let settle: Omit<Pending, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<unknown>((resolve, reject) => (settle = { resolve, reject }));
  promise.catch(() => undefined);
  return { promise, ...settle };
}

/** A map whose UMAP ends when told to. */
function openMap(options: { failing?: boolean; partRows?: number; onFirstPart?: () => void } = {}) {
  const asked: Asked[] = [];
  const sent: { name: string; payload: unknown }[] = [];
  const umap = pending();
  const list = { items: ['a'], changed: (): void => undefined };
  const answer = ({ method, params, signal }: Asked): unknown => {
    if (method === 'projections/items' && options.failing === true)
      throw new UserError('There is no map.', 'Train another model.');
    const from = Number(params['from']);
    const cut = (array: unknown, width: number): string =>
      Buffer.from(String(array), 'base64')
        .subarray(width * from, width * (from + (options.partRows ?? Infinity)))
        .toString('base64');
    if (method === 'projections/items')
      return { ...items, from, codes: cut(items.codes, 4), counts: cut(items.counts, 4) };
    if (method === 'projections/clusters') return { ...clusters, clusters: cut(clusters.clusters, 1) };
    if (method === 'projections/project' && params['method'] === 'pca')
      return { ...projected, method: 'pca', positions: cut(picture.positions, 8) };
    if (method === 'projections/progress')
      return { stage: 'settling', epoch: 3, epochs: 9, version: 1, positions: picture.positions };
    signal?.addEventListener('abort', () => umap.reject(new UserError('given up', '')));
    return umap.promise;
  };
  const panel: PanelHandle<MapPanelContract> = {
    key: { run: '/store/runs/a' },
    send: (name, payload) => {
      mapPanel.events[name].parse(payload);
      if (sent.push({ name, payload }) === 1) options.onFirstPart?.();
      return true;
    },
    isReady: () => true,
  };
  const request = (
    method: EngineMethod,
    params: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<unknown> => {
    const one = { method, params, signal };
    asked.push(one);
    return Promise.resolve().then(() => answer(one));
  };
  const behaviour = new MapBehaviour(panel, {
    // Answers of any method pass through one function here.
    request: request as MapSources['request'],
    openModel: () => Promise.resolve(),
    list: () => list.items,
    onDidChangeList: (listener) => {
      list.changed = listener;
      return { dispose: () => undefined };
    },
    copy: () => Promise.resolve(),
    save: () => Promise.resolve(),
    warn: () => undefined,
  });
  const projections = (): Asked[] =>
    asked.filter(({ method, params }) => method === 'projections/project' && params['method'] === 'umap');
  return { behaviour, asked, sent, umap, list, projections };
}

const signal = new AbortController().signal;

/** The rows from which the parts went on that the page was sent. */
const startsIn =
  (sent: readonly { readonly name: string; readonly payload: unknown }[]) =>
  (name: string): number[] =>
    sent.flatMap((one) => (one.name === name ? [(one.payload as { from: number }).from] : []));

describe('a map that is open', () => {
  it('tells its page the items as bytes, then the clusters', async () => {
    const { behaviour, sent } = openMap();
    behaviour.ready();
    await vi.waitFor(() => expect(sent.map(({ name }) => name)).toEqual(['items', 'path', 'clusters']));
    expect(sent[0]?.payload).toMatchObject({ codes: expect.any(Uint8Array) as unknown });
  });

  it('hands on what comes in parts', async () => {
    const { behaviour, sent } = openMap({ partRows: 6 });
    const startsOf = startsIn(sent);
    behaviour.ready();
    await behaviour.requests.start({ method: 'pca' }, signal);
    await vi.waitFor(() => expect(startsOf('clusters')).toEqual([0, 6, 12]));
    expect(startsOf('items')).toEqual([0, 6, 12]);
    await vi.waitFor(() => expect(startsOf('picture')).toEqual([0, 6, 12]));
    expect(sent.every(({ name }) => name !== 'failed')).toBe(true);
  });

  it('begins anew for a page that is loaded again while it is told', async () => {
    const { behaviour, sent } = openMap({ partRows: 6, onFirstPart: () => behaviour.ready() });
    const startsOf = startsIn(sent);
    behaviour.ready();
    await vi.waitFor(() => expect(startsOf('clusters')).toEqual([0, 6, 12]));
    expect(startsOf('items')).toEqual([0, 0, 6, 12]);
    expect(sent.every(({ name }) => name !== 'failed')).toBe(true);
  });

  it('gives a page that asks again while a picture is given all of it', async () => {
    const start = (): unknown => behaviour.requests.start({ method: 'pca' }, signal);
    const { behaviour, sent } = openMap({ partRows: 6, onFirstPart: start });
    start();
    await vi.waitFor(() => expect(startsIn(sent)('picture')).toEqual([0, 0, 6, 12]));
  });

  it('shows PCA at once, the picture as it moves, and the finished one', async () => {
    const { behaviour, sent, umap } = openMap();
    await behaviour.requests.start({ method: 'umap' }, signal);
    await vi.waitFor(() =>
      expect(sent).toContainEqual({
        name: 'picture',
        payload: expect.objectContaining({ method: 'pca', stage: 'done' }) as unknown,
      }),
    );
    await vi.waitFor(() =>
      expect(sent).toContainEqual({
        name: 'picture',
        payload: expect.objectContaining({ method: 'umap', epoch: 3 }) as unknown,
      }),
    );
    umap.resolve({ ...projected, method: 'umap' });
    await vi.waitFor(() =>
      expect(sent.at(-1)?.payload).toMatchObject({ method: 'umap', stage: 'done', seed: 42 }),
    );
  });

  it('makes a picture once, and gives it up when another is wanted, on Stop and when it is closed', async () => {
    const { behaviour, projections, sent } = openMap();
    await behaviour.requests.start({ method: 'umap' }, signal);
    await behaviour.requests.start({ method: 'umap' }, signal);
    expect(projections()).toHaveLength(1);
    await behaviour.requests.start({ method: 'pca' }, signal);
    expect(projections()[0]?.signal?.aborted).toBe(true);
    await behaviour.requests.start({ method: 'umap' }, signal);
    await behaviour.requests.stop({}, signal);
    expect(projections()[1]?.signal?.aborted).toBe(true);
    await behaviour.requests.start({ method: 'umap' }, signal);
    behaviour.dispose();
    expect(projections()[2]?.signal?.aborted).toBe(true);
    expect(sent.every(({ name }) => name !== 'failed')).toBe(true);
  });

  it('tells its page the list that the explorer is making, and each change of it', async () => {
    const { behaviour, sent, list } = openMap();
    behaviour.ready();
    await vi.waitFor(() => expect(sent).toContainEqual({ name: 'path', payload: { items: ['a'] } }));
    list.items = ['b', 'a'];
    list.changed();
    expect(sent.at(-1)).toEqual({ name: 'path', payload: { items: ['b', 'a'] } });
  });

  it('says what could not be had', async () => {
    const { behaviour, sent } = openMap({ failing: true });
    behaviour.ready();
    await vi.waitFor(() =>
      expect(sent).toEqual([
        {
          name: 'failed',
          payload: { what: 'items', message: 'There is no map.', hint: 'Train another model.' },
        },
      ]),
    );
  });
});
