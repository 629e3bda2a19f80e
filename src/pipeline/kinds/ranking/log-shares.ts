import { KernelRoom } from './kernel-room.ts';

/** Logarithms of shares, by a SIMD kernel with memory of its own. */
export class LogShares {
  private readonly room = new KernelRoom();

  /** Turns each value into log(1 + scale · value / sum), with the bits of `log`; negative values count as 0. */
  take(values: Float64Array, scale: number, sum: number): void {
    const { kernel } = this.room;
    this.room.pass(values, (address, count) => kernel.logShares(address, count, scale, sum));
  }
}
