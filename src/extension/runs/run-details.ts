import type { RunView } from '../../protocol/run-view.ts';
import type { Engine } from '../processes/engine.ts';

/** Runs whose details are kept: those a person has open. */
const MOST_KEPT = 20;

/** All of the runs that a person looks at; asked of the engine, and asked again when the run changed. */
export class RunDetails {
  readonly #engine: Pick<Engine, 'request'>;
  readonly #kept = new Map<string, { readonly changed: number; readonly view: Promise<RunView> }>();

  constructor(engine: Pick<Engine, 'request'>) {
    this.#engine = engine;
  }

  /**
   * @param changed of the run's row; undefined: nothing is known of it
   * @throws {UserError} when the engine cannot tell
   */
  of(id: string, changed: number | undefined): Promise<RunView> {
    const before = this.#kept.get(id);
    if (before !== undefined && before.changed === changed) return before.view;
    const view = this.#engine.request('run/view', { run: id });
    this.#kept.delete(id);
    if (changed === undefined) return view;
    this.#kept.set(id, { changed, view });
    view.catch(() => this.#kept.delete(id));
    for (const old of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(old);
    return view;
  }
}
