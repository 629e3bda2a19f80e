/**
 * Binary fields of a contract. VS Code hands typed arrays to a webview as bytes, where JSON would take ten times the
 * memory and a hundred times the time.
 */
import * as z from 'zod/mini';

/** 32-bit floats; their number is checked where it is given. */
export function floats(length?: number): z.ZodMiniType<Float32Array> {
  return z.instanceof(Float32Array).check(
    z.refine((array) => length === undefined || array.length === length, {
      error: 'another number of floats',
    }),
  );
}

/** Any bytes: as such from the extension, as base64 in a page that is one file. */
export const Bytes = z.union([z.instanceof(Uint8Array), z.string()]);
export type Bytes = z.infer<typeof Bytes>;

/** Rows of equal width, one after another, with the number of rows said apart so that a cut array is noticed. */
export function floatRows(width: number) {
  return z
    .object({ rows: z.int().check(z.nonnegative()), values: floats() })
    .check(
      z.refine(({ rows, values }) => values.length === rows * width, { error: 'rows and values disagree' }),
    );
}
