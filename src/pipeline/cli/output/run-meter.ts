/** The line of the whole run below its running steps, by the rule that the editor has too. */
import type { StepEvent } from '../../../protocol/events.ts';
import { formatPercent, roughSeconds } from '../../../protocol/text/format.ts';
import type { Task } from '../../flow/plan.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { runProgress, stepShare, type TaskProgress } from '../../views/run-progress.ts';

const OVER: readonly string[] = ['succeeded', 'skipped'];

export class RunMeter {
  readonly #tasks: ReadonlyMap<string, TaskProgress>;
  readonly #changes = new Map<string, Pick<TaskProgress, 'share' | 'before'>>();
  readonly #began = performance.now();

  constructor(run: RunFolder, tasks: readonly Task[]) {
    this.#tasks = new Map(
      tasks.map((task) => {
        const before = OVER.includes(run.usableStepState(task.path)?.state ?? '');
        return [task.path, { weight: task.step.weight(task.branch), share: before ? 1 : 0, before }];
      }),
    );
  }

  event(path: string, event: StepEvent): void {
    if (event.type === 'progress') this.#changes.set(path, { share: stepShare(event), before: false });
    if (event.type !== 'state' || event.state === 'cancelled') return;
    const running = event.state === 'running';
    this.#changes.set(path, { share: running ? 0 : 1, before: event.state === 'reused' });
  }

  /** `run 42 % · about 3 min left` */
  line(): string {
    const parts = [...this.#tasks].map(([path, task]) => ({ ...task, ...this.#changes.get(path) }));
    const { fraction, secondsLeft } = runProgress(parts, (performance.now() - this.#began) / 1000);
    const left = secondsLeft === undefined ? '' : ` · about ${roughSeconds(secondsLeft)} left`;
    return `run ${formatPercent(Math.floor(fraction * 100) / 100)}${left}`;
  }
}
