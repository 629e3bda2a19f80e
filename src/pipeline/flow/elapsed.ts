import type { StepState } from '../../protocol/step.ts';
import { heartbeatAge } from '../store/event-log.ts';
import type { RunFolder } from '../store/run-folder.ts';

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** From its start to its end; to now while it runs, to its last sign of life when it was killed. */
function intervalOf(run: RunFolder, path: string, state: StepState): Interval {
  const from = Date.parse(state.started);
  if (state.finished !== undefined) return { from, to: Date.parse(state.finished) };
  const now = Date.now();
  return {
    from,
    to: run.alive(path, state) ? now : Math.max(from, now - heartbeatAge(run.eventsFile(path))),
  };
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
