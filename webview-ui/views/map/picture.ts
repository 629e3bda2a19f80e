/** Where items stand at the moment. */
import type { MapPicture } from '../../../src/protocol/panels/map.ts';
import { SpatialGrid } from '../../../src/drawing/spatial-grid.ts';
import { floatsOf } from '../../kit/bytes.ts';

export class Picture {
  readonly told: Omit<MapPicture, 'positions'>;
  /** x and y of each row that is placed. */
  readonly positions: Float32Array;
  #grid: SpatialGrid | undefined;

  /** @param most rows there are @throws Error where it places others, or at no place */
  constructor({ positions, ...told }: MapPicture, most: number) {
    this.told = told;
    this.positions = floatsOf(positions);
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
