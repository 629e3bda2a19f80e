import { KernelRoom } from './kernel-room.ts';

/** Exponentials, by a SIMD kernel with memory of its own. */
export class Exponentials {
  private readonly room = new KernelRoom();

  /** Turns each value x, none of them above 0, into e^x, with the bits of `exp`. */
  take(values: Float64Array): void {
    const { kernel } = this.room;
    this.room.pass(values, (address, count) => kernel.exponentials(address, count));
  }
}
