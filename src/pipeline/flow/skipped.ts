/** Thrown by a step that ends without a result for a reason that is no failure; the run goes on without it. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}
