/** A request that is refused; whoever sent it is told why. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

export const badRequest = (reason: string): HttpError => new HttpError(400, reason);
export const unavailable = (reason: string): HttpError => new HttpError(503, reason);
