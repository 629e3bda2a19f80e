/** A map as a picture in a file: as the view draws it, on light ground. */
import { fitted, toPixel, type Camera } from '../../../drawing/camera.ts';
import {
  clusterColouring,
  coloursOf,
  frequencyColouring,
  groupColouring,
  type Colouring,
} from '../../../drawing/colouring.ts';
import { itemLabel } from '../../../drawing/item-label.ts';
import { placeLabels } from '../../../drawing/labels.ts';
import { mapSvg } from '../../../drawing/map-svg.ts';
import type { Ink } from '../../../drawing/palette.ts';
import { drawPoints, pointRadius, type Points } from '../../../drawing/point-raster.ts';
import { mapPanel } from '../../../protocol/panels/map.ts';
import type { MapRows } from '../../projection/map-parquet.ts';
import type { PictureColour } from './picture-colours.ts';
import { pngOf } from './png.ts';

const SIZE = { width: 1600, height: 1000 };
const INK: Ink = { background: 0xffffff, foreground: 0x1f2328 };
const OPACITY = 0.85;
const FONT_SIZE = 12;
/** Of a sans-serif letter on average, in font sizes; names that are wider may touch. */
const LETTER_WIDTH = 0.58;
const MOST_LABELS = 80;

function colouringOf({ table, clusters }: MapRows, colour: PictureColour): Colouring {
  // Files without a legend need no names of entries.
  const texts = { nameOf: (group: number) => String(group), others: 'others', none: 'none' };
  if (colour === 'group' && table.groups !== undefined) return groupColouring(table.groups.ofRow, texts);
  if (colour === 'frequency') return frequencyColouring(table.counts, String);
  return clusterColouring(
    clusters.ofRow,
    clusters.typical.map((_, cluster) => String(cluster)),
  );
}

function seen(map: MapRows, colour: PictureColour): { points: Points; camera: Camera; radius: number } {
  const { positions } = map;
  const colouring = colouringOf(map, colour);
  return {
    points: { positions, ofRow: colouring.ofRow, colours: coloursOf(colouring, INK) },
    camera: fitted({ positions }, SIZE),
    radius: pointRadius(positions.length / 2, SIZE, 1),
  };
}

/** Points alone: a PNG would need a font for names. */
export function mapPng(map: MapRows, colour: PictureColour): Buffer {
  const { points, camera, radius } = seen(map, colour);
  const pixels = new Uint32Array(SIZE.width * SIZE.height);
  drawPoints(pixels, SIZE, camera, points, { radius, background: INK.background, opacity: OPACITY });
  return pngOf(pixels, SIZE.width, SIZE.height);
}

export function mapFileSvg(map: MapRows, colour: PictureColour, title: string): string {
  const { points, camera, radius } = seen(map, colour);
  const { names } = map.table;
  const { positions } = map;
  const textOf = (row: number): string => itemLabel(names[row] ?? '');
  const labels = placeLabels(SIZE, {
    rows: Array(positions.length / 2).keys(),
    pixelOf: (row) => toPixel(camera, SIZE, { x: positions[row * 2] ?? 0, y: positions[row * 2 + 1] ?? 0 }),
    widthOf: (row) => textOf(row).length * LETTER_WIDTH * FONT_SIZE,
    height: FONT_SIZE + 3,
    gap: radius + 4,
    most: MOST_LABELS,
  });
  return mapSvg({
    ...{ size: SIZE, camera, points, radius, ink: INK, fontSize: FONT_SIZE, title },
    labels: labels.map((label) => ({ ...label, text: textOf(label.row) })),
    description: mapPanel.strings.caution,
  });
}
