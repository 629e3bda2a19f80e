/**
 * An executor that shares no path with the run: each task gets a folder of its own, into which its inputs are copied and
 * out of which its outputs are, as a job of a cluster does with a bucket.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StepEvent } from '../../../src/protocol/events.ts';
import type { Executor, StartedTask, TaskEnd, TaskOrder } from '../../../src/pipeline/flow/executor.ts';
import { pathUnder } from '../../../src/pipeline/flow/manifest-here.ts';
import { readEvents } from '../../../src/pipeline/store/event-log.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { startRecsys } from './recsys-cli.ts';

export class FolderExecutor implements Executor {
  /** Paths of the tasks that were started, in order. */
  readonly started: string[] = [];
  readonly #root: string;

  /** @param root under which the tasks' folders are made; it holds the data in `data` */
  constructor(root: string) {
    this.#root = root;
  }

  /** Brings data to where the tasks get them from. */
  upload(files: readonly string[]): void {
    for (const file of files) fs.cpSync(file, this.#uploaded(file));
  }

  #uploaded(file: string): string {
    return pathUnder(path.join(this.#root, 'data'), file);
  }

  start(order: TaskOrder, onEvent: (event: StepEvent) => void): StartedTask {
    this.started.push(order.path);
    const place = fs.mkdtempSync(path.join(this.#root, 'task-'));
    const there = RunStore.open(path.join(place, 'store')).run(order.run.id);
    this.#copyIn(order, place, there.folder);
    const { child, end } = startRecsys(
      [
        ...['step', order.run.id, order.path, '--store', 'store', '--data-root', 'data'],
        ...['--threads', String(order.threads), '--memory-limit', String(order.memory)],
        ...(order.secondsUsed === undefined ? [] : ['--seconds-used', String(order.secondsUsed)]),
      ],
      { cwd: place },
    );
    const ended = end.then(({ code, stderr }): TaskEnd => {
      const left = there.stepFolder(order.path);
      if (fs.existsSync(left)) fs.cpSync(left, order.run.stepFolder(order.path), { recursive: true });
      for (const { t: _, ...event } of readEvents(there.eventsFile(order.path))) onEvent(event);
      fs.rmSync(place, { recursive: true });
      return code === 0 ? {} : { failure: { message: stderr.trim() } };
    });
    return { ended, stop: () => void child.kill('SIGTERM') };
  }

  #copyIn({ run, inputs, data }: TaskOrder, place: string, folder: string): void {
    for (const name of ['run.json', ...inputs])
      fs.cpSync(path.join(run.folder, name), path.join(folder, name), { recursive: true });
    for (const file of data) {
      const from = this.#uploaded(file);
      if (fs.existsSync(from)) fs.cpSync(from, pathUnder(path.join(place, 'data'), file));
    }
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }
}
