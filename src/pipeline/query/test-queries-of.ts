import { UserError } from '../../protocol/user-error.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import type { TestQueries } from '../flow/flow-views.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** What a run's models were tested on. @throws UserError where the run's flow keeps no such queries, or it has no test part */
export function testQueriesOf(run: RunFolder, prepared: PreparedData): TestQueries {
  const { title, views } = flowOf(run.manifest().flow);
  if (views.testQueries !== undefined) return views.testQueries(run, prepared);
  throw new UserError(
    `Runs of “${title}” keep no queries of their test part.`,
    'Choose a run of another flow.',
  );
}
