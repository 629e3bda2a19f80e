import type { RetentionRule } from '../../protocol/engine.ts';
import type { RunRow } from '../../protocol/run-row.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the rule looks at. */
type Retained = Pick<RunRow, 'id' | 'state' | 'labels' | 'created'>;

/**
 * The runs a retention rule gives up. Running, starred, named and tagged runs are never among them, nor are the latest
 * `keepLatest`, nor any younger than `keepDays`.
 */
export function expiredRuns<R extends Retained>(
  runs: readonly R[],
  rule: RetentionRule,
  now = Date.now(),
): R[] {
  const newestFirst = [...runs].sort((a, b) => (a.id < b.id ? 1 : -1));
  return newestFirst.filter(({ state, labels, created }, place) => {
    // Of a damaged run it is not known whether someone starred it.
    if (state === 'running' || state === 'damaged') return false;
    if (labels.starred || labels.name !== undefined || labels.tags.length > 0) return false;
    if (place < rule.keepLatest) return false;
    return rule.keepDays === 0 || now - Date.parse(created) > rule.keepDays * DAY_MS;
  });
}
