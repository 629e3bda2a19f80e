/**
 * Points as pixels, without any canvas: 2-D contexts draw a hundred thousand circles in seconds, an array of pixels is
 * filled in milliseconds, on machines without a graphics card too.
 */
import type { Camera, Size } from './camera.ts';
import type { Colour } from './palette.ts';

export interface Points {
  /** x and y of each row. */
  readonly positions: Float32Array;
  /** Colour of each row, by its place in `colours`. */
  readonly ofRow: Uint8Array;
  readonly colours: readonly Colour[];
  /** Rows that are drawn; absent: all. */
  readonly shown?: Uint8Array | undefined;
  /** Rows that stand out: all others are faint, and below them. Absent: none does. */
  readonly lit?: Uint8Array | undefined;
}

export interface RasterOptions {
  readonly radius: number;
  readonly background: Colour;
  /** 0 to 1. */
  readonly opacity: number;
}

const FAINT = 0.14;
const FEW = 2_000;
const LEAST_LIT = 3;

/** A pixel of an `ImageData` as a number, on machines that write the lowest byte first (all that are in use). */
function pixelOf(colour: Colour): number {
  return (0xff000000 | ((colour & 255) << 16) | (colour & 0xff00) | (colour >> 16)) >>> 0;
}

/** Radius in pixels at which so many points fill a share of a picture, and grow when it is looked at more closely. */
export function pointRadius(points: number, { width, height }: Size, zoom: number, ratio = 1): number {
  const room = Math.sqrt((width * height) / Math.max(1, points));
  // Below this a point is one pixel, of which a million are drawn in a blink.
  const base = Math.min(4.5 * ratio, Math.max(points > 300_000 ? 0.5 : 0.8, room * 0.16));
  return Math.min(8 * ratio, base * Math.max(1, zoom) ** 0.4);
}

/** Fills a picture with its ground and the points: the most frequent, which are the first rows, above all others. */
export function drawPoints(
  pixels: Uint32Array,
  size: Size,
  camera: Camera,
  points: Points,
  { radius, background, opacity }: RasterOptions,
): number {
  pixels.fill(pixelOf(background));
  const { lit } = points;
  if (lit === undefined) return drawWhere(pixels, size, camera, points, stampOf(radius, opacity));
  const faint = drawWhere(pixels, size, camera, points, stampOf(radius, opacity * FAINT), false);
  return faint + drawWhere(pixels, size, camera, points, stampOf(litRadius(lit, radius), 1), true);
}

/** Few points are to be found at a glance. */
function litRadius(lit: Uint8Array, radius: number): number {
  let count = 0;
  for (const one of lit) count += one;
  return count < FEW ? Math.max(LEAST_LIT, radius * 1.25) : radius * 1.25;
}

/** The pixels of a disc around its middle, with their opacity from 0 to 256. */
interface Stamp {
  readonly reach: number;
  readonly dx: Int32Array;
  readonly dy: Int32Array;
  readonly alpha: Int32Array;
}

function stampOf(radius: number, opacity: number): Stamp {
  const reach = Math.ceil(radius);
  const [dx, dy, alpha]: [number[], number[], number[]] = [[], [], []];
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) {
      const covered = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x, y)));
      const strength = Math.round(covered * opacity * 256);
      if (strength === 0) continue;
      dx.push(x);
      dy.push(y);
      alpha.push(strength);
    }
  return { reach, dx: Int32Array.from(dx), dy: Int32Array.from(dy), alpha: Int32Array.from(alpha) };
}

/**
 * @param only the rows that are lit (true), or those that are not (false); absent: all
 * @returns how many points were drawn
 */
function drawWhere(
  pixels: Uint32Array,
  { width, height }: Size,
  camera: Camera,
  { positions, ofRow, colours, shown, lit }: Points,
  stamp: Stamp,
  only?: boolean,
): number {
  const inks = Uint32Array.from(colours, pixelOf);
  const { scale } = camera;
  const left = width / 2 - camera.x * scale;
  const top = height / 2 + camera.y * scale;
  const { reach } = stamp;
  let drawn = 0;
  for (let row = positions.length / 2 - 1; row >= 0; row--) {
    const x = Math.round(left + (positions[row * 2] ?? 0) * scale);
    const y = Math.round(top - (positions[row * 2 + 1] ?? 0) * scale);
    if (!(x >= -reach && x < width + reach && y >= -reach && y < height + reach)) continue;
    if (shown !== undefined && shown[row] !== 1) continue;
    if (only !== undefined && (lit?.[row] === 1) !== only) continue;
    drawn++;
    blend(pixels, width, height, x, y, inks[ofRow[row] ?? 0] ?? 0, stamp);
  }
  return drawn;
}

function blend(
  pixels: Uint32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  ink: number,
  { reach, dx, dy, alpha }: Stamp,
): void {
  const isInside = x >= reach && x < width - reach && y >= reach && y < height - reach;
  // No tuples here: this is done ten million times a frame.
  const inkOuter = ink & 0xff00ff;
  const inkGreen = (ink >> 8) & 0xff;
  for (let i = 0; i < alpha.length; i++) {
    const px = x + (dx[i] ?? 0);
    const py = y + (dy[i] ?? 0);
    if (!isInside && (px < 0 || px >= width || py < 0 || py >= height)) continue;
    const at = py * width + px;
    const strength = alpha[i] ?? 0;
    const before = pixels[at] ?? 0;
    const outer = before & 0xff00ff;
    const green = (before >> 8) & 0xff;
    // Red and blue in one multiplication: the difference of neither reaches the other's bits.
    const mixedOuter = ((inkOuter * strength + outer * (256 - strength)) >>> 8) & 0xff00ff;
    const mixedGreen = (inkGreen * strength + green * (256 - strength)) >> 8;
    pixels[at] = (0xff000000 | mixedOuter | (mixedGreen << 8)) >>> 0;
  }
}
