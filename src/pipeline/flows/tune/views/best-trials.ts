import type { TuningView } from '../../../../protocol/tuning.ts';
import type { RunFolder } from '../../../store/run-folder.ts';
import { viewTuning } from './tuning-view.ts';
import { shorten } from '../../../terminal/format.ts';
import type { Footer } from '../../../flow/flow-views.ts';
import { trialRows } from './trial-table.ts';

const SHOWN = 5;

/** The best trials so far, below the progress of those that run. */
export class BestTrials implements Footer {
  readonly #run: RunFolder;
  #view: TuningView | undefined;

  constructor(run: RunFolder) {
    this.#run = run;
    this.update();
  }

  update(): void {
    try {
      this.#view = viewTuning(this.#run);
    } catch {
      // What cannot be read now is told when the run is over; the last view stays.
    }
  }

  lines(width: number): readonly string[] {
    if (this.#view === undefined) return [];
    const { heading, rows } = trialRows(this.#view, SHOWN);
    if (rows.length === 0) return [];
    const all = [heading, ...rows];
    const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
    return all.map((row) =>
      shorten(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '), width),
    );
  }
}
