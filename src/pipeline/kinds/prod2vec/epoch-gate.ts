/** Where training threads wait until the epoch before was judged. */
import { CONTROL } from './train-protocol.ts';

/** Lets one more epoch start. */
export function allowEpoch(control: Int32Array): void {
  Atomics.add(control, CONTROL.allowed, 1);
  Atomics.notify(control, CONTROL.allowed);
}

/** Stops all threads. What they wait for is changed as well: one that is about to wait would not hear the notification. */
export function cancelAll(control: Int32Array): void {
  Atomics.store(control, CONTROL.cancel, 1);
  allowEpoch(control);
}

type Wait = (control: Int32Array, index: number, expected: number) => unknown;

/** Waits until an epoch (from 0) may start; false when training was stopped instead. */
export function mayStart(control: Int32Array, epoch: number, wait: Wait = Atomics.wait): boolean {
  for (;;) {
    // In this order: whoever cancels after the second look has changed what was read first.
    const allowed = Atomics.load(control, CONTROL.allowed);
    if (Atomics.load(control, CONTROL.cancel) !== 0) return false;
    if (epoch < allowed) return true;
    wait(control, CONTROL.allowed, allowed);
  }
}
