/** A value that some work makes on its way to its end, for others that wait for it alone. */
export class Announcement<T> {
  readonly heard: Promise<T>;
  #resolve: (value: T) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.heard = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  make(value: T): void {
    this.#resolve(value);
  }

  /** Who waits hears of it when the work fails or ends before the value is there. @returns the work */
  failWith<R>(work: Promise<R>): Promise<R> {
    work.then(() => this.#reject(new Error('the work ended without saying')), this.#reject);
    return work;
  }
}
