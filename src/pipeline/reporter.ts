/** What a step tells about itself while it runs. */
export interface Reporter {
  /**
   * Progress within a stage; rate and time left are worked out by the receiver's side of this interface.
   * Calls are cheap: they are thinned to a few lines a second.
   * @param total 0 when it is not known
   */
  progress(stage: string, done: number, total: number, unit: string): void;
  /** A point of the loss curve. `epoch` is fractional. */
  loss(point: { epoch: number; loss: number; alpha: number; validation?: number }): void;
  info(message: string): void;
  /** Shown on the card; the run goes on. */
  warn(message: string): void;
}
