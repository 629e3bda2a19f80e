import { UserError } from '../../protocol/user-error.ts';

/** Bytes of a page of WebAssembly memory. */
export const PAGE = 65_536;
/** The first 64 KiB of every kernel's memory belong to the compiler. */
export const KERNEL_BASE = PAGE;
/** One less than there can be: the address after the last byte stays a 32-bit number. */
export const MAX_PAGES = 65_535;

/**
 * Shared memory for a kernel.
 * @param maximum pages it may grow to
 * @param refused what the person is told, and what to do, where the machine does not give it
 * @throws UserError where the machine does not give that much
 */
export function sharedMemory(
  pages: number,
  maximum: number,
  refused: { readonly message: string; readonly hint: string },
): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum, shared: true });
  } catch (cause) {
    throw new UserError(refused.message, refused.hint, { cause });
  }
}
