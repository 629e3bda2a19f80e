import type { EngineParams, EngineReply } from '../../protocol/engine.ts';

/** Characters that are kept of a log, its last ones: editors do not show much more. */
const MOST_CHARACTERS = 20_000_000;

/** A run's log, read on from where it was read last. */
export class GrowingLog {
  readonly #ask: (params: EngineParams<'run/log'>) => Promise<EngineReply<'run/log'>>;
  readonly #params: { readonly run: string; readonly step?: string };
  readonly #most: number;
  #text = '';
  #at: string | undefined;
  #reading: Promise<string> | undefined;

  constructor(
    ask: (params: EngineParams<'run/log'>) => Promise<EngineReply<'run/log'>>,
    params: { readonly run: string; readonly step?: string },
    most = MOST_CHARACTERS,
  ) {
    this.#ask = ask;
    this.#params = params;
    this.#most = most;
  }

  /** All of the log, or its end; readings that come together are one. */
  read(): Promise<string> {
    this.#reading ??= this.#readOn().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readOn(): Promise<string> {
    for (let more = true; more;) {
      const from = this.#at === undefined ? {} : { from: this.#at };
      const part = await this.#ask({ ...this.#params, ...from });
      more = part.more;
      if (part.restarted) {
        // What was read is of other files: all is read anew.
        this.#text = '';
        this.#at = undefined;
        more = true;
      } else {
        this.#text = this.#cut(`${this.#text}${part.text}`);
        this.#at = part.at;
      }
    }
    return this.#text;
  }

  /** Cuts off whole lines at the beginning. */
  #cut(text: string): string {
    return text.length <= this.#most ? text : text.slice(text.indexOf('\n', text.length - this.#most) + 1);
  }
}
