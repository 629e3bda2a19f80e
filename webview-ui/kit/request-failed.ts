/** What the extension answered instead of a reply. */
export class RequestFailed extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined) {
    super(message);
    this.name = 'RequestFailed';
    this.hint = hint;
  }
}
