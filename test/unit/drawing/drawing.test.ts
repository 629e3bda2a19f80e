import { describe, expect, it } from 'vitest';
import { fitted, panned, toPixel, toPlane, zoomed } from '../../../src/drawing/camera.ts';
import { frequencyColouring, groupColouring } from '../../../src/drawing/colouring.ts';
import { placeLabels } from '../../../src/drawing/labels.ts';
import { enclosed } from '../../../src/drawing/lasso.ts';
import { mapSvg } from '../../../src/drawing/map-svg.ts';
import { drawPoints } from '../../../src/drawing/point-raster.ts';
import { SpatialGrid } from '../../../src/drawing/spatial-grid.ts';
import { seededRandom } from '../support/tiny-data.ts';

const SIZE = { width: 200, height: 100 };

function randomPlaces(rows: number): Float32Array {
  const random = seededRandom(3);
  return Float32Array.from({ length: rows * 2 }, () => random() * 10 - 5);
}

describe('the camera', () => {
  it('shows all places, and keeps what is under the pointer while zooming', () => {
    const positions = Float32Array.of(-3, 2, 7, -4, 0, 0);
    const camera = fitted({ positions }, SIZE);
    for (let row = 0; row < 3; row++) {
      const pixel = toPixel(camera, SIZE, { x: positions[row * 2] ?? 0, y: positions[row * 2 + 1] ?? 0 });
      expect(pixel.x >= 0 && pixel.x <= SIZE.width && pixel.y >= 0 && pixel.y <= SIZE.height).toBe(true);
    }
    const at = { x: 30, y: 80 };
    const before = toPlane(camera, SIZE, at);
    const after = toPlane(zoomed(camera, SIZE, at, 3), SIZE, at);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    const moved = toPixel(panned(camera, 12, -7), SIZE, before);
    expect(moved.x).toBeCloseTo(at.x + 12, 9);
    expect(moved.y).toBeCloseTo(at.y - 7, 9);
  });

  it('stands by one place, and by none', () => {
    expect(fitted({ positions: Float32Array.of(2, 3) }, SIZE)).toMatchObject({ x: 2, y: 3 });
    expect(fitted({ positions: new Float32Array(0) }, SIZE)).toEqual({ x: 0, y: 0, scale: 1 });
  });
});

describe('the grid', () => {
  it('finds what looking at all places finds', () => {
    const positions = randomPlaces(500);
    const grid = new SpatialGrid(positions);
    const distance = (row: number, x: number, y: number): number =>
      Math.hypot((positions[row * 2] ?? 0) - x, (positions[row * 2 + 1] ?? 0) - y);
    const rows = [...Array(500).keys()];
    for (const [x, y] of [
      [0, 0],
      [4.9, -4.9],
      [2, 1],
    ] as const) {
      const [best = -1] = [...rows].sort((a, b) => distance(a, x, y) - distance(b, x, y));
      expect(grid.nearest({ x, y }, 5, () => true)).toBe(best);
    }
    for (const row of [0, 17, 499]) {
      const others = rows.filter((other) => other !== row);
      const [x, y] = [positions[row * 2] ?? 0, positions[row * 2 + 1] ?? 0];
      const nearest = others.sort((a, b) => distance(a, x, y) - distance(b, x, y)).slice(0, 15);
      expect(grid.nearestTo(row, 15)).toEqual(nearest);
    }
  });

  it('ends where there are fewer places than asked, and where all are the same', () => {
    expect(new SpatialGrid(Float32Array.of(1, 1, 2, 2)).nearestTo(0, 15)).toEqual([1]);
    expect(new SpatialGrid(new Float32Array(40)).nearestTo(3, 2)).toEqual([0, 1]);
    expect(new SpatialGrid(new Float32Array(0)).within({ left: 0, right: 1, bottom: 0, top: 1 })).toEqual([]);
  });

  it('encloses by a lasso', () => {
    const positions = Float32Array.of(0, 0, 1, 1, 3, 3, 0.5, 2.5);
    const triangle = [-1, -1, 2, -1, 2, 2];
    expect(enclosed(triangle, positions, new SpatialGrid(positions))).toEqual([0, 1]);
    expect(enclosed([0, 0, 1, 1], positions, new SpatialGrid(positions))).toEqual([]);
  });
});

describe('the picture', () => {
  const camera = { x: 0, y: 0, scale: 10 };
  const points = {
    positions: Float32Array.of(0, 0, 0, 0, 100, 100),
    ofRow: Uint8Array.of(0, 1, 0),
    colours: [0x0000ff, 0xff0000],
  };
  const options = { radius: 2, background: 0xffffff, opacity: 1 };

  it('has the most frequent item on top, and leaves out what is outside', () => {
    const pixels = new Uint32Array(SIZE.width * SIZE.height);
    expect(drawPoints(pixels, SIZE, camera, points, options)).toBe(2);
    expect(pixels[50 * SIZE.width + 100]).toBe(0xffff0000);
    expect(pixels[0]).toBe(0xffffffff);
  });

  it('draws what is lit above what is not, and nothing that is hidden', () => {
    const pixels = new Uint32Array(SIZE.width * SIZE.height);
    drawPoints(pixels, SIZE, camera, { ...points, lit: Uint8Array.of(0, 1, 0) }, options);
    expect(pixels[50 * SIZE.width + 100]).toBe(0xff0000ff);
    const apart = {
      ...points,
      positions: Float32Array.of(5, 0, 0, 0, 100, 100),
      lit: Uint8Array.of(0, 1, 0),
    };
    expect(drawPoints(pixels, SIZE, camera, apart, options)).toBe(2);
    // Blue at a seventh: faint, but there.
    expect((pixels[50 * SIZE.width + 150] ?? 0) & 0xff).toBeGreaterThan(200);
    expect(pixels[50 * SIZE.width + 150]).not.toBe(0xffffffff);
    const hidden = { ...points, shown: new Uint8Array(3) };
    expect(drawPoints(pixels, SIZE, camera, hidden, options)).toBe(0);
  });

  it('as SVG shows hostile names as text', () => {
    const labels = [{ row: 0, x: 1, y: 2, text: '</text><script>' }];
    const ink = { background: 0xffffff, foreground: 0 };
    const svg = mapSvg({
      ...{ size: SIZE, camera, points, radius: 2, ink, labels },
      fontSize: 12,
      title: '<t>',
      description: '&',
    });
    expect(svg).not.toContain('<script>');
    expect(svg.match(/<circle/g)).toHaveLength(2);
  });
});

describe('names and colours', () => {
  it('lets no name stand on another', () => {
    const pixels = [
      { x: 50, y: 50 },
      { x: 52, y: 52 },
      { x: 150, y: 50 },
    ];
    const placed = placeLabels(SIZE, {
      rows: [0, 1, 2],
      pixelOf: (row) => pixels[row] ?? { x: 0, y: 0 },
      widthOf: () => 40,
      ...{ height: 15, gap: 6, most: 10 },
    });
    expect(placed.map(({ row, x }) => [row, x])).toEqual([
      [0, 56],
      [1, 6],
      [2, 156],
    ]);
  });

  it('gives the largest groups colours of their own', () => {
    const groups = Int32Array.from({ length: 100 }, (_, row) => (row < 3 ? -1 : row % 20));
    const texts = { nameOf: (group: number) => `g${group}`, others: 'others', none: 'none' };
    const { entries, ofRow } = groupColouring(groups, texts);
    expect(entries.slice(-2).map(({ id }) => id)).toEqual(['others', 'none']);
    expect(entries.reduce((sum, { items }) => sum + items, 0)).toBe(100);
    expect(ofRow[0]).toBe(entries.length - 1);
  });

  it('counts frequencies in powers of ten', () => {
    const { entries, ofRow } = frequencyColouring(
      Uint32Array.of(0, 9, 10, 1234),
      (from, to) => `${from}-${to ?? ''}`,
    );
    expect(entries.map(({ label, items }) => [label, items])).toEqual([
      ['0-9', 2],
      ['10-99', 1],
      ['100-999', 0],
      ['1000-9999', 1],
    ]);
    expect([...ofRow]).toEqual([0, 0, 1, 3]);
  });
});
