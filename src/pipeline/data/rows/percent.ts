import type { OnFraction } from '../duckdb-session.ts';
import type { Reporter } from '../../reporter.ts';

/** Tells how far a statement has come, as percent of a stage. */
export function percentOf(reporter: Reporter, stage: string): OnFraction {
  return (fraction) => reporter.progress(stage, Math.round(fraction * 100), 100, '%');
}
