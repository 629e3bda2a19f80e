import type { StepState } from '../../protocol/step.ts';
import { heartbeatAge } from '../store/event-log.ts';
import { secondsTaken } from '../store/seconds-taken.ts';
import type { RunFolder } from '../store/run-folder.ts';

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** From its start for as long as it took; to now while it runs, to its last sign of life when it was killed. */
function intervalOf(run: RunFolder, path: string, state: StepState): Interval {
  const from = Date.parse(state.started);
  const taken = secondsTaken(state);
  if (taken !== undefined) return { from, to: from + taken * 1000 };
  const now = Date.now();
  const to = run.alive(path, state) ? now : now - heartbeatAge(run.eventsFile(path));
  return { from, to: Math.max(from, to) };
}

/** Seconds in which at least one of the tasks ran, by the last attempt of each; pauses between them do not count. */
export function secondsInUse(run: RunFolder, paths: readonly string[]): number {
  const intervals = paths
    .flatMap((path) => {
      const state = run.usableStepState(path);
      return state === undefined ? [] : [intervalOf(run, path, state)];
    })
    .sort((a, b) => a.from - b.from);
  let milliseconds = 0;
  let until = -Infinity;
  for (const { from, to } of intervals) {
    milliseconds += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return milliseconds / 1000;
}
