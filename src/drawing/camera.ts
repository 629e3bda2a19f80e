/** Which part of the plane is seen, and how large: the same for a page's canvas and for files. */
import { boundsOf } from './box.ts';

export interface Camera {
  /** What stands in the middle. */
  readonly x: number;
  readonly y: number;
  /** Pixels a unit. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The vertical axis goes up on the plane, and down on the screen. */
export function toPixel({ x, y, scale }: Camera, { width, height }: Size, point: Point): Point {
  return { x: width / 2 + (point.x - x) * scale, y: height / 2 - (point.y - y) * scale };
}

export function toPlane({ x, y, scale }: Camera, { width, height }: Size, pixel: Point): Point {
  return { x: x + (pixel.x - width / 2) / scale, y: y - (pixel.y - height / 2) / scale };
}

/** Share of the smaller side that stays free around what is fitted. */
const MARGIN = 0.06;

/** Places of the given rows, or of all. */
export interface Places {
  readonly positions: Float32Array;
  readonly rows?: Iterable<number>;
}

/** The camera that shows all places; rare outliers are shown too. */
export function fitted({ positions, rows }: Places, { width, height }: Size): Camera {
  const { left, right, bottom, top } = boundsOf(rows === undefined ? positions : placesOf(positions, rows));
  if (positions.length === 0) return { x: 0, y: 0, scale: 1 };
  const margin = 2 * MARGIN * Math.min(width, height);
  const scale = Math.min(
    Math.max(1, width - margin) / Math.max(right - left, 1e-6),
    Math.max(1, height - margin) / Math.max(top - bottom, 1e-6),
  );
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale: Math.min(scale, 1e9) };
}

function placesOf(positions: Float32Array, rows: Iterable<number>): Float32Array {
  return Float32Array.from(
    [...rows].flatMap((row) => [positions[row * 2] ?? 0, positions[row * 2 + 1] ?? 0]),
  );
}

/** Nearer or farther, so that what is under a pixel stays under it. */
export function zoomed(camera: Camera, size: Size, at: Point, factor: number): Camera {
  const before = toPlane(camera, size, at);
  const scale = Math.min(1e9, Math.max(1e-6, camera.scale * factor));
  return {
    x: before.x - (at.x - size.width / 2) / scale,
    y: before.y + (at.y - size.height / 2) / scale,
    scale,
  };
}

/** Moved by so many pixels. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale };
}
