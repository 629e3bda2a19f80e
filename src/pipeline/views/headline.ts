import type { Headline } from '../../protocol/run-outcome.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';

/**
 * The few figures that lists show of a run; none before its report is written.
 * @throws UserError when the report cannot be read
 */
export function headlineOf(run: RunFolder): Headline {
  return flowOf(run.manifest().flow).views.headline(run);
}
