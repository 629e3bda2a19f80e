/** What can be taken away from a map: lists, and pictures of what is seen. */
import type { Colouring } from '../../../src/drawing/colouring.ts';
import { itemLabel } from '../../../src/drawing/item-label.ts';
import { METHOD_TITLES } from '../../../src/protocol/projection.ts';
import { listCsv } from './exported-list.ts';
import type { MapItems } from './map-items.ts';
import type { MapText } from './map-text.ts';
import type { Picture } from './picture.ts';
import { pngOf, type FileContent } from './save.ts';
import type { Scene } from './scene.ts';
import { seenSvg } from './seen-svg.ts';

export interface MapFile {
  readonly name: string;
  readonly content: FileContent;
}

function fileName({ told: { run, model } }: MapItems, picture: Picture, kind: string): string {
  return `recsys-map-${run}-${model}-${picture.told.method}.${kind}`.replace(/[^\w.-]+/g, '-');
}

export function listFile(
  rows: readonly number[],
  items: MapItems,
  picture: Picture,
  colouring: Colouring,
): MapFile {
  return { name: fileName(items, picture, 'csv'), content: listCsv(rows, items, picture, colouring) };
}

export async function pngFile(scene: Scene, items: MapItems, picture: Picture): Promise<MapFile> {
  scene.hover(undefined);
  scene.draw();
  return { name: fileName(items, picture, 'png'), content: await pngOf(scene.canvas) };
}

export function svgFile(scene: Scene, items: MapItems, picture: Picture, text: MapText): MapFile {
  const { model, label, run } = items.told;
  const title = `${text('by', model, label ?? run)} · ${METHOD_TITLES[picture.told.method]}`;
  const svg = seenSvg(scene, title, text('caution'), (row) => itemLabel(items.name(row)));
  return { name: fileName(items, picture, 'svg'), content: svg ?? '' };
}
