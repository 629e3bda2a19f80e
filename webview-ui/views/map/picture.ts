/** Where items stand at the moment. */
import type { MapPicture } from '../../../src/protocol/panels/map.ts';
import { SpatialGrid } from '../../../src/drawing/spatial-grid.ts';
import { bytesOf, floatsOf } from '../../kit/bytes.ts';
import { joined } from './row-parts.ts';

/** Rows that a part places. */
export const rowsOf = ({ positions }: MapPicture): number => bytesOf(positions).length / BYTES_PLACED;

/** Of two 32-bit numbers. */
const BYTES_PLACED = 8;

export class Picture {
  readonly told: Omit<MapPicture, 'from' | 'positions'>;
  /** x and y of each row that is placed. */
  readonly positions: Float32Array;
  #grid: SpatialGrid | undefined;

  /**
   * @param parts all of them
   * @param most rows there are
   * @throws Error where they place others, or at no place
   */
  constructor(parts: readonly MapPicture[], most: number) {
    const [told] = parts;
    if (told === undefined) throw new Error('no part of a picture');
    this.told = told;
    this.positions = floatsOf(joined(parts.map(({ positions }) => positions)));
    if (this.positions.length % 2 !== 0 || this.rows > most) throw new Error('a picture of other items');
    if (!this.positions.every(Number.isFinite)) throw new Error('a picture with items at no place');
  }

  get rows(): number {
    return this.positions.length / 2;
  }

  /** Made when it is first asked for: while a picture settles nobody may ask. */
  get grid(): SpatialGrid {
    this.#grid ??= new SpatialGrid(this.positions);
    return this.#grid;
  }
}
