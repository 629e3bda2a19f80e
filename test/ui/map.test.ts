import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapHtml } from '../../src/pipeline/cards/map-html.ts';
import { mapPanel } from '../../src/protocol/panels/map.ts';
import { UserError } from '../../src/protocol/user-error.ts';
import { syntheticMap } from '../fixtures/synthetic-map.ts';
import { changeTheme, PanelBrowser, until } from './panel-browser.ts';
import type { OpenPanel } from './panel-browser.ts';
import { THEMES } from './themes.ts';
import { buildView } from './view-bundle.ts';
import type { BuiltView } from './view-bundle.ts';

let browser: PanelBrowser;
let view: BuiltView;
beforeAll(async () => {
  [browser, view] = await Promise.all([PanelBrowser.launch(), buildView('map')]);
});
afterAll(async () => browser.close());

const SIDE = 20;
const ITEMS = SIDE * SIDE;

const MAP = syntheticMap(SIDE);
const nameOf = (row: number): string => `Artist ${row % 15}|||Track ${row}`;

async function openMap(saved: unknown[] = [], picture = MAP.picture): Promise<OpenPanel> {
  const { items, clusters } = MAP;
  const panel = await browser.openPanel({
    view,
    contract: mapPanel,
    key: { run: '/store/runs/20260101-000000-aaaa' },
    theme: THEMES.light,
    handlers: {
      start: () => {
        panel.host.send('picture', picture);
        return null;
      },
      stop: () => null,
      again: () => {
        panel.host.send('items', items);
        return null;
      },
      models: () => ({ models: ['prod2vec', 'encoder'] }),
      openModel: (params) => {
        saved.push(params);
        return null;
      },
      marks: (params) => {
        saved.push(params);
        const values = Uint32Array.from({ length: ITEMS }, (_, row) => row % 3);
        return { values: Buffer.from(values.buffer).toString('base64'), of: 12 };
      },
      neighbours: () => ({ items: [1001, 1000 + SIDE, 1399], scores: [0.9, 0.8, 0.7] }),
      copy: (params) => {
        saved.push(params);
        return null;
      },
      save: (params) => {
        saved.push(params);
        return null;
      },
    },
  });
  panel.host.send('items', items);
  panel.host.send('clusters', clusters);
  await until(async () => (await drawn(panel.page)) === ITEMS);
  return panel;
}

const drawn = (page: Page): Promise<number> =>
  page.evaluate<number>(`document.querySelector('canvas')?.mapScene.drawn ?? 0`);

/** Where a row stands, in pixels of the page. */
function placeOf(page: Page, row: number): Promise<{ x: number; y: number }> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('canvas');
    const { left, top } = canvas.getBoundingClientRect();
    const { x, y } = canvas.mapScene.pixel(${row});
    return { x: left + x, y: top + y };
  })()`);
}

/** Draws a line around two rows that are opposite corners of a rectangle. */
async function lassoAround(page: Page, first: number, second: number): Promise<void> {
  await page.getByRole('radio', { name: 'Select' }).check();
  const [a, b] = await Promise.all([placeOf(page, first), placeOf(page, second)]);
  const [left, right] = [Math.min(a.x, b.x) - 8, Math.max(a.x, b.x) + 8];
  const [top, bottom] = [Math.min(a.y, b.y) - 8, Math.max(a.y, b.y) + 8];
  await page.mouse.move(left, bottom);
  await page.mouse.down();
  for (const [x, y] of [
    [right, bottom],
    [right, top],
    [left, top],
  ] as const)
    await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.up();
}

/** What the page asked for so often. */
const asked = (posted: readonly unknown[], method: string): number =>
  posted.filter((message) => JSON.stringify(message).includes(`"${method}"`)).length;

/** Pixels of the canvas that are not its ground. */
function inked(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < 720) count++;
    return count;
  })()`);
}

/** The part of an array in base64. */
function cut(array: unknown, width: number, from: number, rows: number): string {
  return Buffer.from(String(array), 'base64')
    .subarray(width * from, width * (from + rows))
    .toString('base64');
}

/** Names of a part, as the engine tells them. */
function namesFrom(from: number, rows: number): { names: string; nameEnds: string } {
  const ends = Buffer.from(String(MAP.items.nameEnds), 'base64');
  const endOf = (row: number): number => (row < 0 ? 0 : ends.readUInt32LE(4 * Math.min(row, ITEMS - 1)));
  const start = endOf(from - 1);
  const own = Uint32Array.from({ length: Math.min(rows, ITEMS - from) }, (_, i) => endOf(from + i) - start);
  return {
    names: cut(MAP.items.names, 1, start, endOf(from + rows - 1) - start),
    nameEnds: Buffer.from(own.buffer).toString('base64'),
  };
}

/** The rows from which parts of so many go on. */
const startsOf = (rows: number): number[] =>
  Array.from({ length: Math.ceil(ITEMS / rows) }, (_, at) => at * rows);

describe('the map in a browser', () => {
  it('is whole when its items, places and clusters come in parts, some of them twice', async () => {
    const { page, host, problems } = await openMap();
    const { groups, codes, counts } = MAP.items;
    const items = startsOf(70).map((from) => ({
      ...{ ...MAP.items, ...namesFrom(from, 70), from },
      ...{ codes: cut(codes, 4, from, 70), counts: cut(counts, 4, from, 70) },
      groups: { part: 0, codes: cut(groups?.codes, 4, from, 70) },
    }));
    const pictures = startsOf(130).map((from) => {
      return { ...MAP.picture, from, positions: cut(MAP.picture.positions, 8, from, 130) };
    });
    const clusters = startsOf(90).map((from) => {
      return { ...MAP.clusters, from, clusters: cut(MAP.clusters.clusters, 1, from, 90) };
    });
    // An earlier telling that ended halfway; its last part comes late.
    for (const part of items.slice(0, 2)) host.send('items', part);
    for (const part of items.slice(0, 3)) host.send('items', part);
    for (const part of items.slice(1)) host.send('items', part);
    await page.locator('#map-in-view', { hasText: 'Track 5' }).waitFor();
    for (const part of clusters) host.send('clusters', part);
    for (const part of pictures) host.send('picture', part);
    await until(async () => (await drawn(page)) === ITEMS);
    await page.locator('#map-search').fill('Track 399');
    await page.locator('#map-selection', { hasText: 'Track 399' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('draws every point, names what it is, and shows hostile names as text', async () => {
    const { page, problems } = await openMap();
    expect(await inked(page)).toBeGreaterThan(ITEMS * 5);
    expect(await page.locator('h1').innerText()).toBe('prod2vec of run <b>run</b>');
    expect(await page.locator('#map-facts').innerText()).toContain('Trustworthiness .953 (PCA .804)');
    expect(await page.locator('#map-caution').innerText()).toContain('not the model’s');
    expect(await page.locator('#map-in-view').innerText()).toContain('<script>');
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it('selects an item with its nearest, and tells how many the map kept near', async () => {
    const { page } = await openMap();
    const { x, y } = await placeOf(page, 0);
    await page.mouse.click(x, y);
    await page.locator('#map-kept', { hasText: '2 of its 3 nearest are among the 3 nearest' }).waitFor();
    await page.locator('#map-item .item-button').nth(1).click();
    await page.locator('#map-item h2', { hasText: `Track ${SIDE}` }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('#map-item').count()).toBe(0);
  });

  it('makes a list of what a lasso encloses, to copy and to save', async () => {
    const saved: { text?: string; name?: string; content?: string }[] = [];
    const { page } = await openMap(saved);
    await lassoAround(page, 0, SIDE + 1);
    await page.locator('#map-selection h2', { hasText: '4 items' }).waitFor();
    const selection = page.locator('#map-selection');
    await selection.getByRole('button', { name: 'Copy' }).click();
    await until(() => saved.length === 1);
    expect(saved[0]?.text?.split('\n')).toContain(`Artist ${SIDE % 15}|||Track ${SIDE}`);
    await selection.getByRole('button', { name: 'Save List…' }).click();
    await until(() => saved.length === 2);
    expect(saved[1]?.name).toMatch(/^recsys-map-.*\.csv$/);
    expect(saved[1]?.content?.split('\r\n')).toHaveLength(6);
    await page.locator('#map-in-view').getByRole('button', { name: 'Save List…' }).click();
    await until(() => saved.length === 3);
    expect(saved[2]?.content?.split('\r\n')).toHaveLength(ITEMS + 2);
  });

  it('moves the preview, and then shows all of the picture that was waited for', async () => {
    const { page, host } = await openMap([], MAP.preview);
    await page.locator('#map-canvas').focus();
    await page.keyboard.press('+');
    await until(async () => (await drawn(page)) < ITEMS);
    host.send('picture', MAP.picture);
    await until(async () => (await drawn(page)) === ITEMS);
    await page.keyboard.press('+');
    await until(async () => (await drawn(page)) < ITEMS);
  });

  it('keeps the items of a lasso when they move, and those alone', async () => {
    const saved: { text?: string }[] = [];
    const { page, host, readied } = await openMap(saved, MAP.preview);
    await lassoAround(page, 0, SIDE + 1);
    const copy = page.locator('#map-copy');
    await copy.click();
    await until(() => saved.length === 1);
    host.send('picture', { ...MAP.picture, stage: 'settling', epoch: 1, epochs: 9 });
    host.send('picture', MAP.picture);
    await page.locator('#map-facts', { hasText: 'Trustworthiness' }).waitFor();
    await copy.click();
    await until(() => saved.length === 2);
    expect(saved[1]?.text).toBe(saved[0]?.text);
    expect(saved[1]?.text?.split('\n')).toContain(`Artist ${SIDE % 15}|||Track ${SIDE}`);
    // After a reload a line on UMAP's plane selects nothing on the preview's, and on its own the same.
    const heading = page.locator('#map-selection h2');
    await lassoAround(page, 1, SIDE + 2);
    await copy.click();
    await until(() => saved.length === 3);
    await page.reload();
    await until(() => readied() === 2);
    host.send('items', MAP.items);
    await until(async () => (await drawn(page)) === ITEMS);
    expect(await heading.innerText()).toBe('Selected');
    host.send('picture', MAP.picture);
    await heading.getByText('4 items').waitFor();
    await copy.click();
    await until(() => saved.length === 4);
    expect(saved[3]?.text).toBe(saved[2]?.text);
  });

  it('selects by a lasso only what the legend shows', async () => {
    const { page } = await openMap();
    await lassoAround(page, 0, SIDE + 1);
    const heading = page.locator('#map-selection h2');
    await heading.getByText('4 items').waitFor();
    // Clusters of rows 0, 1, 20 and 21: 0, 1, 2 and 0.
    await page.locator('.legend-entry input').first().uncheck();
    await heading.getByText('2 items').waitFor();
    await lassoAround(page, 0, SIDE + 1);
    await heading.getByText('2 items').waitFor();
    await page.getByLabel('Colour by').selectOption('frequency');
    await heading.getByText('4 items').waitFor();
  });

  it('stops, and goes on by a button', async () => {
    const { page, host, posted } = await openMap([], MAP.preview);
    await page.getByRole('button', { name: 'Stop' }).click();
    const goOn = page.getByRole('button', { name: 'Go on' });
    await goOn.waitFor();
    host.send('progress', { method: 'umap', stage: 'settling', epoch: 1, epochs: 9 });
    host.send('picture', { ...MAP.picture, stage: 'settling', epoch: 2, epochs: 9 });
    await page.locator('#map-facts', { hasText: 'UMAP' }).waitFor();
    expect(await page.locator('.map-progress').count()).toBe(0);
    expect(asked(posted, 'start')).toBe(1);
    await goOn.click();
    await until(() => asked(posted, 'start') === 2);
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    expect(await goOn.count()).toBe(0);
  });

  it('tells what could not be saved, and forgets it with the next try', async () => {
    const saved: unknown[] = [];
    const { page } = await openMap(saved, MAP.preview);
    saved.push = () => {
      throw new UserError('The disk is full', 'Make room.');
    };
    const save = page.getByRole('button', { name: 'Save PNG…' });
    await save.click();
    await page.getByRole('alert').filter({ hasText: 'The disk is full' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    saved.push = Array.prototype.push;
    await save.click();
    await until(() => saved.length === 1);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('colours the legend by a new theme', async () => {
    const { page } = await openMap();
    const fill = (): Promise<string | null> => page.locator('.swatch circle').first().getAttribute('fill');
    const before = await fill();
    await changeTheme(page, THEMES.dark);
    await until(async () => (await fill()) !== before);
  });

  it('lights up what a search finds, zooms to it, and shows all again by keys', async () => {
    const { page } = await openMap();
    await page.getByRole('searchbox').fill('track 210');
    await page.locator('#map-selection h2', { hasText: '1 item' }).waitFor();
    await page.getByRole('button', { name: 'Zoom to selection' }).click();
    await until(async () => (await drawn(page)) < ITEMS);
    await page.locator('#map-canvas').focus();
    await page.keyboard.press('0');
    await until(async () => (await drawn(page)) === ITEMS);
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowLeft');
    await until(async () => (await drawn(page)) < ITEMS);
  });

  it('stays in view beside its lists, however far they are scrolled', async () => {
    const { page } = await openMap();
    const top = (): Promise<number> =>
      page.evaluate(`document.querySelector('#map-canvas').getBoundingClientRect().top`);
    const before = await top();
    await page.evaluate(`
      document.querySelector('.map-aside').style.minHeight = '3000px';
      document.scrollingElement.scrollTo(0, 1500);
    `);
    await until(async () => (await top()) < before);
    expect(await top()).toBeGreaterThanOrEqual(0);
    await page.setViewportSize({ width: 420, height: 800 });
    await until(async () => (await top()) < -300);
  });

  it('hides what the legend leaves out, and is the same after a reload', async () => {
    const { page, host, readied } = await openMap();
    await page.locator('.legend-entry input').first().uncheck();
    await until(async () => (await drawn(page)) === ITEMS - Math.ceil(ITEMS / 3));
    await page.getByLabel('Colour by').selectOption('frequency');
    await until(async () => (await drawn(page)) === ITEMS);
    await page.mouse.wheel(0, 0);
    await page.reload();
    await until(() => readied() === 2);
    host.send('items', MAP.items);
    host.send('clusters', MAP.clusters);
    await until(async () => (await drawn(page)) === ITEMS);
    expect(await page.getByLabel('Colour by').inputValue()).toBe('frequency');
  });

  it('is coloured by what happened to the items, which the legend tells', async () => {
    const saved: unknown[] = [];
    const { page } = await openMap(saved);
    const legend = page.locator('.legend-list');
    await page.getByLabel('Colour by').selectOption('hits');
    await legend.getByText('hit in less than half').waitFor();
    expect(await page.locator('.map-aside').innerText()).toContain('12 items were asked for by test queries');
    await page.getByLabel('Colour by').selectOption('split');
    await legend.getByText('in the test part').waitFor();
    await page.getByLabel('Colour by').selectOption('keyword');
    await page.locator('#map-keyword').fill('summer');
    await legend.getByText('in no such list').waitFor();
    expect(saved).toEqual([
      { by: 'hits', from: 0 },
      { by: 'split', from: 0 },
      { by: 'keyword', keyword: 'summer', from: 0 },
    ]);
  });

  it('draws the list that the explorer is making, and lists it', async () => {
    const saved: { content?: unknown }[] = [];
    const { page, host } = await openMap(saved);
    host.send('path', { items: [nameOf(5), nameOf(44), 'no such item', nameOf(5)] });
    const part = page.locator('#map-path');
    await part.getByText('4 items').waitFor();
    await part.getByText('1 of its items are not on this map.').waitFor();
    expect(await part.locator('.item-button').count()).toBe(3);
    await page.getByRole('button', { name: 'Save SVG…' }).click();
    await until(() => saved.length === 1);
    expect(String(saved[0]?.content)).toContain('<polyline ');
  });

  it('leads to the maps of the other models', async () => {
    const saved: unknown[] = [];
    const { page } = await openMap(saved);
    await page.getByLabel('Model').selectOption('encoder');
    await until(() => saved.length === 1);
    expect(saved).toEqual([{ model: 'encoder' }]);
  });

  it('tries again what could not be had', async () => {
    const { page, host, posted } = await openMap();
    host.send('failed', { what: 'picture', message: 'There was no memory.' });
    const again = page.getByRole('button', { name: 'Try again' });
    await again.click();
    await until(() => asked(posted, 'start') === 2);
    expect(await again.count()).toBe(0);
    host.send('failed', { what: 'items', message: 'The engine is gone.' });
    await again.click();
    await until(() => asked(posted, 'again') === 1);
  });

  it('saves what is seen as PNG and as SVG', async () => {
    const saved: { name?: string; content?: unknown }[] = [];
    const { page } = await openMap(saved);
    await page.getByRole('button', { name: 'Save SVG…' }).click();
    await until(() => saved.length === 1);
    expect(saved[0]?.content).toMatch(/^<svg /);
    expect(String(saved[0]?.content).match(/<circle /g)).toHaveLength(ITEMS);
    expect(String(saved[0]?.content)).not.toContain('<script>');
    await page.getByRole('button', { name: 'Save PNG…' }).click();
    await until(() => saved.length === 2);
  });
});

describe('a map that is a file', () => {
  it('needs nobody to ask', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'recsys-map-'));
    const file = path.join(folder, 'map.html');
    const rows = new Int32Array(ITEMS).map((_, row) => (row + 1) % ITEMS);
    const base64 = (array: Int32Array | Float32Array): string => Buffer.from(array.buffer).toString('base64');
    const neighbours = { k: 1, rows: base64(rows), scores: base64(new Float32Array(ITEMS).fill(0.5)) };
    await writeFile(file, mapHtml({ ...MAP, neighbours }, view));
    const { page, problems, requests } = await browser.openAddress(pathToFileURL(file).href);
    await until(async () => (await drawn(page)) === ITEMS);
    await page.locator('#map-in-view .item-button').nth(5).click();
    await page.locator('#map-item .item-button', { hasText: 'Track 6' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save SVG…' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.svg$/);
    const fill = (): Promise<string | null> => page.locator('.swatch circle').first().getAttribute('fill');
    const before = await fill();
    await page.emulateMedia({ colorScheme: 'dark' });
    await until(async () => (await fill()) !== before);
    expect(problems).toEqual([]);
    expect(requests).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });
});
