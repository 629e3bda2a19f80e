/** Which places a line drawn by hand encloses. */
import type { Box } from './box.ts';
import type { SpatialGrid } from './spatial-grid.ts';

/** Corners of a closed line, x and y in turn. */
export type Lasso = readonly number[];

/** Whether a place lies inside, by the even-odd rule. */
export function encloses(lasso: Lasso, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, before = lasso.length - 2; i < lasso.length; before = i, i += 2) {
    const [ax, ay] = [lasso[before] ?? 0, lasso[before + 1] ?? 0];
    const [bx, by] = [lasso[i] ?? 0, lasso[i + 1] ?? 0];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** Enclosed rows, in ascending order. */
export function enclosed(lasso: Lasso, positions: Float32Array, grid: SpatialGrid): number[] {
  if (lasso.length < 6) return [];
  return grid
    .within(boxOf(lasso))
    .filter((row) => encloses(lasso, positions[row * 2] ?? 0, positions[row * 2 + 1] ?? 0));
}

function boxOf(lasso: Lasso): Box {
  const xs = lasso.filter((_, i) => i % 2 === 0);
  const ys = lasso.filter((_, i) => i % 2 === 1);
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    bottom: Math.min(...ys),
    top: Math.max(...ys),
  };
}
