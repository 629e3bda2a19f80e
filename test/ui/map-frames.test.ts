/**
 * Frames a second while the map is dragged. RECSYS_MAP_POINTS names numbers of points, RECSYS_MAP_FRAMES a file to write
 * the figures to, where a benchmark asks for them.
 */
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { mapPanel } from '../../src/protocol/panels/map.ts';
import { syntheticMap } from '../fixtures/synthetic-map.ts';
import { PanelBrowser, until } from './panel-browser.ts';
import type { OpenPanel } from './panel-browser.ts';
import { THEMES } from './themes.ts';
import { buildView } from './view-bundle.ts';
import type { BuiltView } from './view-bundle.ts';

const SIDES = (process.env['RECSYS_MAP_POINTS'] ?? '100000')
  .split(',')
  .map((n) => Math.ceil(Number(n) ** 0.5));
const FIGURES = process.env['RECSYS_MAP_FRAMES'];
const DRAG_MS = 3000;
/** Where frames come slowly, so many are waited for. */
const LEAST_FRAMES = 5;

let browser: PanelBrowser;
let view: BuiltView;
const figures: Record<number, number> = {};

beforeAll(async () => {
  [browser, view] = await Promise.all([PanelBrowser.launch(), buildView('map')]);
});

afterAll(async () => {
  await browser.close();
  if (FIGURES !== undefined) await writeFile(FIGURES, JSON.stringify(figures));
});

async function openMap(side: number): Promise<OpenPanel> {
  const { items, clusters, picture } = syntheticMap(side);
  const panel = await browser.openPanel({
    view,
    contract: mapPanel,
    key: { run: '/store/runs/20260101-000000-aaaa' },
    theme: THEMES.light,
    handlers: { start: () => null, stop: () => null, models: () => ({ models: ['prod2vec'] }) },
  });
  panel.host.send('items', items);
  panel.host.send('clusters', clusters);
  panel.host.send('picture', picture);
  await until(
    async () =>
      (await panel.page.evaluate(`document.querySelector('canvas')?.mapScene.drawn`)) === side * side,
    120_000,
  );
  return panel;
}

const Dragged = z.object({ frames: z.number(), seconds: z.number(), distance: z.number() });

/** Drags the map to and fro, and counts the frames that were drawn anew, and elsewhere. */
async function drag({ page }: OpenPanel): Promise<z.infer<typeof Dragged>> {
  const script = `new Promise((resolve) => {
    const frame = document.querySelector('#map-canvas');
    const scene = document.querySelector('canvas').mapScene;
    const { left, top, width, height } = frame.getBoundingClientRect();
    frame.setPointerCapture = () => undefined;
    const point = (type, x) => frame.dispatchEvent(new PointerEvent(type, {
      pointerId: 1, button: 0, bubbles: true, clientX: left + width / 2 + x, clientY: top + height / 2,
    }));
    point('pointerdown', 0);
    point('pointermove', 20);
    let [frames, distance, x, before, took] = [0, 0, 20, scene.camera.x, scene.milliseconds];
    const began = performance.now();
    const next = () => {
      const moved = Math.abs(scene.camera.x - before);
      before = scene.camera.x;
      distance += moved;
      if (moved > 0 && scene.milliseconds !== took) frames++;
      took = scene.milliseconds;
      const seconds = (performance.now() - began) / 1000;
      if (1000 * seconds > ${DRAG_MS} && frames >= ${LEAST_FRAMES}) {
        point('pointerup', x);
        resolve({ frames, seconds, distance: distance * scene.camera.scale });
        return;
      }
      point('pointermove', (x += frames % 100 < 50 ? 2 : -2));
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`;
  return Dragged.parse(await page.evaluate(script));
}

it.each(SIDES)('of %i points a side: all are drawn while it is dragged', async (side) => {
  const panel = await openMap(side);
  const { frames, seconds, distance } = await drag(panel);
  figures[side * side] = frames / seconds;
  console.log(`${side * side} points: ${(frames / seconds).toFixed(1)} frames a second`);
  expect(distance).toBeGreaterThan(frames);
  expect(panel.problems).toEqual([]);
});
