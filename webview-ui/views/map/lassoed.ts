/** What a line drawn by hand on the map enclosed. */
import { enclosed } from '../../../src/drawing/lasso.ts';
import type { MapLasso } from '../../../src/protocol/panels/map.ts';
import type { Picture } from './picture.ts';

/** Its items stay selected when another picture comes; the line means something on its own picture only. */
export interface Lassoed {
  readonly picture: Picture;
  readonly corners: readonly number[];
  readonly rows: readonly number[];
}

export function lassoed(corners: readonly number[], picture: Picture): Lassoed {
  return { picture, corners, rows: enclosed(corners, picture.positions, picture.grid) };
}

/** What is kept of it over a reload: a line on places that still move would enclose other items then. */
export function keptLasso({ corners, picture }: Lassoed): MapLasso | undefined {
  const { method, stage } = picture.told;
  return stage === 'done' ? { method, corners: [...corners] } : undefined;
}

/** Undefined where the line was drawn on another plane than this picture's, or this one is not ready. */
export function restoredLasso(kept: MapLasso | undefined, picture: Picture): Lassoed | undefined {
  const { method, stage } = picture.told;
  return kept?.method === method && stage === 'done' ? lassoed(kept.corners, picture) : undefined;
}
