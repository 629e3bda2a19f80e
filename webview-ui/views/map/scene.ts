/** Draws the map on a canvas: points as pixels, and on them names, lines and marks. */
import {
  fitted,
  panned,
  toPixel,
  toPlane,
  zoomed,
  type Camera,
  type Point,
  type Size,
} from '../../../src/drawing/camera.ts';
import { coloursOf, type Colouring } from '../../../src/drawing/colouring.ts';
import { placeLabels, type PlacedLabel } from '../../../src/drawing/labels.ts';
import type { MapMarks } from '../../../src/drawing/map-svg.ts';
import { hex } from '../../../src/drawing/palette.ts';
import { drawPoints, pointRadius, type Points } from '../../../src/drawing/point-raster.ts';
import type { Picture } from './picture.ts';
import { themeInk, type ThemeInk } from './theme-ink.ts';

/** What is to be seen. */
export interface SceneContent {
  readonly picture: Picture | undefined;
  readonly colouring: Colouring;
  /** Rows that the legend shows; absent: all. */
  readonly shown: Uint8Array | undefined;
  /** Rows that stand out. */
  readonly lit: Uint8Array | undefined;
  /** Of the lit rows those that may have names first; absent where none are lit. */
  readonly litRows: readonly number[] | undefined;
  readonly labels: boolean;
  readonly labelOf: (row: number) => string;
  /** Absent: all is shown, also while places move. */
  readonly camera: Camera | undefined;
  readonly item: number | undefined;
  /** Rows to which lines are drawn. */
  readonly neighbours: readonly number[];
  /** On the plane. */
  readonly lasso: readonly number[];
  /** Rows of a list, in its order. */
  readonly path: readonly number[];
}

const LINE_HEIGHT = 15;
const MOST_LABELS = 60;
/** Square pixels that a name has to itself on average. */
const ROOM_A_LABEL = 16_000;
const OPACITY = 0.85;
/** Physical pixels of a canvas: more would make moving slow on screens of very high resolution. */
const MOST_PIXELS = 9_000_000;

export class Scene {
  readonly canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D | null;
  #content: SceneContent | undefined;
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #frame: number | undefined;
  #image: ImageData | undefined;
  #pixels = new Uint32Array(0);
  #ink: ThemeInk | undefined;
  #hovered: number | undefined;
  #drawing: readonly number[] = [];
  #fitted: { readonly picture: Picture; readonly size: Size; readonly camera: Camera } | undefined;
  readonly #widths = new Map<string, number>();
  /** Points drawn by the last frame, and the time it took; for tests and the curious. */
  drawn = 0;
  milliseconds = 0;

  constructor() {
    this.#context = this.canvas.getContext('2d', { alpha: false });
  }

  get size(): Size {
    return this.#size;
  }

  show(content: SceneContent): void {
    this.#content = content;
    this.invalidate();
  }

  hover(row: number | undefined): void {
    if (row === this.#hovered) return;
    this.#hovered = row;
    this.invalidate();
  }

  /** The line that is being drawn, in pixels. */
  trace(line: readonly number[]): void {
    this.#drawing = line;
    this.invalidate();
  }

  /** The theme may have changed. */
  recolour(): void {
    this.#ink = undefined;
    this.#widths.clear();
    this.invalidate();
  }

  resize(width: number, height: number): void {
    if (width < 1 || height < 1) return;
    this.#size = { width, height };
    this.#ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (width * height)));
    this.canvas.width = Math.round(width * this.#ratio);
    this.canvas.height = Math.round(height * this.#ratio);
    this.#image = undefined;
    this.invalidate();
  }

  invalidate(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.draw();
    });
  }

  get camera(): Camera {
    const { camera, picture } = this.#content ?? {};
    if (camera !== undefined) return camera;
    return picture === undefined ? { x: 0, y: 0, scale: 1 } : this.#fit(picture);
  }

  /** The camera that shows all of a picture; it is asked for in every frame. */
  #fit(picture: Picture): Camera {
    const known = this.#fitted;
    if (known?.picture === picture && known.size === this.#size) return known.camera;
    const camera = fitted({ positions: picture.positions }, this.#size);
    this.#fitted = { picture, size: this.#size, camera };
    return camera;
  }

  cameraFor(rows: readonly number[]): Camera | undefined {
    const picture = this.#content?.picture;
    const placed = picture === undefined ? [] : rows.filter((row) => row < picture.rows);
    if (picture === undefined || placed.length === 0) return undefined;
    const whole = this.#fit(picture);
    const near = fitted({ positions: picture.positions, rows: placed }, this.#size);
    // One item alone has no extent to fill the picture with.
    return { ...near, scale: Math.min(near.scale, whole.scale * 40) };
  }

  panned(dx: number, dy: number): Camera {
    return panned(this.camera, dx, dy);
  }

  zoomed(at: Point, factor: number): Camera {
    return zoomed(this.camera, this.#size, at, factor);
  }

  plane(pixel: Point): Point {
    return toPlane(this.camera, this.#size, pixel);
  }

  /** The row under a pixel, within a finger's width. */
  rowAt(pixel: Point): number | undefined {
    const { picture, shown } = this.#content ?? {};
    if (picture === undefined) return undefined;
    const reach = 10 / this.camera.scale;
    return picture.grid.nearest(this.plane(pixel), reach, (row) => shown === undefined || shown[row] === 1);
  }

  /** Rows in view, the most frequent first. */
  inView(): number[] {
    const { picture, shown } = this.#content ?? {};
    if (picture === undefined || this.#size.width === 0) return [];
    const [a, b] = [this.plane({ x: 0, y: this.#size.height }), this.plane({ x: this.#size.width, y: 0 })];
    const rows = picture.grid.within({ left: a.x, right: b.x, bottom: a.y, top: b.y });
    return shown === undefined ? rows : rows.filter((row) => shown[row] === 1);
  }

  get ink(): ThemeInk {
    this.#ink ??= themeInk();
    return this.#ink;
  }

  points(): Points | undefined {
    const content = this.#content;
    if (content?.picture === undefined) return undefined;
    const { colouring, shown, lit, picture } = content;
    return {
      positions: picture.positions,
      ofRow: colouring.ofRow,
      colours: coloursOf(colouring, this.ink),
      shown,
      lit,
    };
  }

  /** Radius of a point in pixels of the page. */
  radius(points: Points): number {
    const { picture } = this.#content ?? {};
    const zoom = picture === undefined ? 1 : this.camera.scale / this.#fit(picture).scale;
    return pointRadius(points.positions.length / 2, this.#size, zoom);
  }

  draw(): void {
    const context = this.#context;
    const points = this.points();
    if (context === null || this.#size.width === 0) return;
    const began = performance.now();
    if (points === undefined) this.#clear(context);
    else this.#drawPoints(context, points);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (points !== undefined) this.#drawMarks(context);
    this.milliseconds = performance.now() - began;
  }

  #clear(context: CanvasRenderingContext2D): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = hex(this.ink.background);
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  #drawPoints(context: CanvasRenderingContext2D, points: Points): void {
    const { width, height } = this.canvas;
    if (this.#image === undefined) {
      this.#image = context.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    const { x, y, scale } = this.camera;
    this.drawn = drawPoints(this.#pixels, { width, height }, { x, y, scale: scale * this.#ratio }, points, {
      radius: this.radius(points) * this.#ratio,
      background: this.ink.background,
      opacity: OPACITY,
    });
    context.putImageData(this.#image, 0, 0);
  }

  pixel(row: number): Point {
    const positions = this.#content?.picture?.positions;
    return toPixel(this.camera, this.#size, {
      x: positions?.[row * 2] ?? NaN,
      y: positions?.[row * 2 + 1] ?? NaN,
    });
  }

  #drawMarks(context: CanvasRenderingContext2D): void {
    const { item, neighbours = [], lasso = [], path = [] } = this.#content ?? {};
    this.#drawLasso(context, lasso.length > 0 ? this.#lassoPixels(lasso) : this.#drawing);
    if (item !== undefined) this.#drawLines(context, item, neighbours);
    this.#drawPath(context, path);
    for (const { row, x, y } of this.labels()) this.#text(context, row, x, y, '');
    if (item !== undefined) this.#mark(context, item, 7);
    if (this.#hovered !== undefined) {
      this.#mark(context, this.#hovered, 6);
      this.#tip(context, this.#hovered);
    }
  }

  #lassoPixels(lasso: readonly number[]): number[] {
    const pixels: number[] = [];
    for (let i = 0; i < lasso.length; i += 2) {
      const { x, y } = toPixel(this.camera, this.#size, { x: lasso[i] ?? 0, y: lasso[i + 1] ?? 0 });
      pixels.push(x, y);
    }
    return pixels;
  }

  #drawLasso(context: CanvasRenderingContext2D, line: readonly number[]): void {
    if (line.length < 4) return;
    context.beginPath();
    for (let i = 0; i < line.length; i += 2) context.lineTo(line[i] ?? 0, line[i + 1] ?? 0);
    context.closePath();
    context.setLineDash([5, 4]);
    context.lineWidth = 1.5;
    context.strokeStyle = hex(this.ink.accent);
    context.stroke();
    context.setLineDash([]);
  }

  #drawLines(context: CanvasRenderingContext2D, item: number, neighbours: readonly number[]): void {
    const from = this.pixel(item);
    context.lineWidth = 1.25;
    context.strokeStyle = hex(this.ink.accent);
    context.globalAlpha = 0.75;
    context.beginPath();
    for (const to of this.#placed(neighbours)) {
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** A line from item to item, on a ground of its own, with a ring around each. */
  #drawPath(context: CanvasRenderingContext2D, path: readonly number[]): void {
    if (path.length === 0) return;
    context.beginPath();
    for (const { x, y } of this.#placed(path)) context.lineTo(x, y);
    context.lineJoin = 'round';
    for (const [width, colour] of [
      [5, this.ink.background],
      [2, this.ink.foreground],
    ] as const) {
      context.lineWidth = width;
      context.strokeStyle = hex(colour);
      context.stroke();
    }
    for (const row of path) this.#mark(context, row, 5);
  }

  #placed(rows: readonly number[]): Point[] {
    return rows.map((row) => this.pixel(row)).filter(({ x }) => !Number.isNaN(x));
  }

  /** What is drawn besides points and names. */
  marks(): MapMarks {
    const { item, neighbours = [], lasso = [], path = [] } = this.#content ?? {};
    return {
      accent: this.ink.accent,
      lasso: this.#lassoPixels(lasso),
      item: item === undefined ? undefined : this.pixel(item),
      ends: this.#placed(neighbours),
      path: this.#placed(path),
    };
  }

  #mark(context: CanvasRenderingContext2D, row: number, radius: number): void {
    const { x, y } = this.pixel(row);
    if (Number.isNaN(x)) return;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = 4;
    context.strokeStyle = hex(this.ink.background);
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = hex(this.ink.foreground);
    context.stroke();
  }

  /** Names that stand on the map as it is seen. */
  labels(): PlacedLabel[] {
    const content = this.#content;
    const context = this.#context;
    const points = this.points();
    if (content?.picture === undefined || context === null || points === undefined) return [];
    const { width, height } = this.#size;
    const own = [
      ...(content.item === undefined ? [] : [content.item, ...content.neighbours]),
      ...content.path,
    ];
    const others = content.labels ? this.#labelled(content, content.picture) : [];
    return placeLabels(this.#size, {
      rows: distinct(own, others, content.picture.rows),
      pixelOf: (row) => this.pixel(row),
      widthOf: (row) => this.#width(context, content.labelOf(row)),
      height: LINE_HEIGHT,
      gap: this.radius(points) + 4,
      most: own.length + Math.min(MOST_LABELS, Math.ceil((width * height) / ROOM_A_LABEL)),
    });
  }

  /** Only of what stands out, where something does. */
  #labelled({ lit, litRows, shown }: SceneContent, picture: Picture): Iterable<number> {
    if (lit !== undefined) return visible(litRows ?? [], shown);
    return this.#inViewOf(picture, shown);
  }

  /** One after another, the most frequent first, without a look at the rest. */
  *#inViewOf({ positions, rows }: Picture, shown: Uint8Array | undefined): Iterable<number> {
    const { x, y, scale } = this.camera;
    const [halfWidth, halfHeight] = [this.#size.width / 2 / scale, this.#size.height / 2 / scale];
    for (let row = 0; row < rows; row++) {
      if (Math.abs((positions[row * 2] ?? 0) - x) > halfWidth) continue;
      if (Math.abs((positions[row * 2 + 1] ?? 0) - y) > halfHeight) continue;
      if (shown === undefined || shown[row] === 1) yield row;
    }
  }

  #width(context: CanvasRenderingContext2D, text: string): number {
    const known = this.#widths.get(text);
    if (known !== undefined) return known;
    context.font = this.labelFont;
    const { width } = context.measureText(text);
    if (this.#widths.size > 20_000) this.#widths.clear();
    this.#widths.set(text, width);
    return width;
  }

  get labelFont(): string {
    return this.ink.font;
  }

  #text(context: CanvasRenderingContext2D, row: number, x: number, y: number, after: string): void {
    context.font = this.labelFont;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = hex(this.ink.background);
    context.fillStyle = hex(this.ink.foreground);
    const text = `${this.#content?.labelOf(row) ?? ''}${after}`;
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }

  /** The name of what is under the pointer, on a ground of its own. */
  #tip(context: CanvasRenderingContext2D, row: number): void {
    const point = this.pixel(row);
    const width = this.#width(context, this.#content?.labelOf(row) ?? '') + 16;
    const left = Math.max(2, Math.min(point.x + 10, this.#size.width - width - 2));
    const top = point.y > 40 ? point.y - 34 : point.y + 12;
    context.fillStyle = hex(this.ink.background);
    context.strokeStyle = hex(this.ink.foreground);
    context.lineWidth = 1;
    context.beginPath();
    context.rect(left, top, width, 23);
    context.fill();
    context.stroke();
    this.#text(context, row, left + 8, top + 12, '');
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }
}

function* visible(rows: readonly number[], shown: Uint8Array | undefined): Iterable<number> {
  for (const row of rows) if (shown === undefined || shown[row] === 1) yield row;
}

function* distinct(first: readonly number[], then: Iterable<number>, rows: number): Iterable<number> {
  const seen = new Set<number>();
  for (const part of [first, then])
    for (const row of part) {
      if (seen.has(row) || row >= rows) continue;
      seen.add(row);
      yield row;
    }
}
