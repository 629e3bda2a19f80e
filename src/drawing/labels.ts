/** Which names stand on a map: the most frequent items in view, none over another. */
import type { Point, Size } from './camera.ts';

export interface LabelOptions {
  /** Rows in view, the most important first. */
  readonly rows: Iterable<number>;
  readonly pixelOf: (row: number) => Point;
  readonly widthOf: (row: number) => number;
  readonly height: number;
  /** Pixels between a point's middle and its name. */
  readonly gap: number;
  readonly most: number;
  /** Rows that are looked at in search of room. */
  readonly tried?: number;
}

export interface PlacedLabel {
  readonly row: number;
  /** Left end, on the middle line of the text. */
  readonly x: number;
  readonly y: number;
}

const TRIED = 3_000;
const CELL = 64;

/** A name stands right of its point, or left where there is no room. */
export function placeLabels(
  { width, height }: Size,
  { rows, pixelOf, widthOf, height: lineHeight, gap, most, tried = TRIED }: LabelOptions,
): PlacedLabel[] {
  const taken = new TakenRoom();
  const placed: PlacedLabel[] = [];
  let looked = 0;
  for (const row of rows) {
    if (placed.length >= most || looked++ >= tried) break;
    const point = pixelOf(row);
    const labelWidth = widthOf(row);
    for (const x of [point.x + gap, point.x - gap - labelWidth]) {
      const box = {
        left: x - 2,
        right: x + labelWidth + 2,
        top: point.y - lineHeight / 2,
        bottom: point.y + lineHeight / 2,
      };
      if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height) continue;
      if (!taken.take(box)) continue;
      placed.push({ row, x, y: point.y });
      break;
    }
  }
  return placed;
}

interface Room {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

class TakenRoom {
  readonly #cells = new Map<string, Room[]>();

  /** Takes a box, unless another touches it. */
  take(box: Room): boolean {
    const cells = [...cellsOf(box)].map((key) => ({ key, rooms: this.#cells.get(key) ?? [] }));
    if (cells.some(({ rooms }) => rooms.some((other) => touch(box, other)))) return false;
    for (const { key, rooms } of cells) this.#cells.set(key, [...rooms, box]);
    return true;
  }
}

function* cellsOf({ left, right, top, bottom }: Room): Iterable<string> {
  for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++)
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++) yield `${x} ${y}`;
}

function touch(a: Room, b: Room): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
