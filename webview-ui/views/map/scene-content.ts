/** What the canvas is to show, from what is known and what a person chose. */
import type { Colouring } from '../../../src/drawing/colouring.ts';
import { itemLabel } from '../../../src/drawing/item-label.ts';
import type { MapState } from '../../../src/protocol/panels/map.ts';
import type { Lassoed } from './lassoed.ts';
import type { MapItems } from './map-items.ts';
import type { Picture } from './picture.ts';
import type { SceneContent } from './scene.ts';
import type { Selection } from './selection.ts';

export interface Known {
  readonly state: MapState;
  readonly items: MapItems;
  readonly colouring: Colouring;
  /** Rows that the legend shows; absent: all. */
  readonly shown: Uint8Array | undefined;
  readonly picture: Picture | undefined;
  readonly selection: Selection | undefined;
  readonly lassoed: Lassoed | undefined;
  /** Row of the item that was clicked, and those of its neighbours. */
  readonly item: number | undefined;
  readonly neighbours: readonly number[];
  /** Rows of the explorer's list, in its order. */
  readonly path: readonly number[];
}

export function sceneContent({
  state,
  items,
  colouring,
  shown,
  picture,
  selection,
  lassoed,
  item,
  neighbours,
  path,
}: Known): SceneContent {
  const placed = picture?.rows ?? 0;
  return {
    picture,
    colouring,
    shown,
    lit: litRows(items.count, selection),
    litRows: selection?.rows,
    labels: state.labels,
    labelOf: (row) => itemLabel(items.name(row)),
    // A place on one method's plane is none on another's.
    camera: picture?.told.method === state.camera?.method ? state.camera : undefined,
    item: item !== undefined && item < placed ? item : undefined,
    neighbours: neighbours.filter((row) => row < placed),
    path: path.filter((row) => row < placed),
    lasso:
      selection?.kind === 'lasso' && lassoed !== undefined && lassoed.picture === picture
        ? lassoed.corners
        : [],
  };
}

function litRows(count: number, selection: Selection | undefined): Uint8Array | undefined {
  if (selection === undefined) return undefined;
  const lit = new Uint8Array(count);
  for (const row of selection.rows) lit[row] = 1;
  return lit;
}
