import type { StepEvent } from '../../protocol/events.ts';
import type { KeptOutcome } from '../../protocol/run-outcome.ts';
import type { ActivityState, DriverState, Failure } from '../../protocol/step.ts';
import { writeJson } from '../store/atomic-file.ts';
import { EventLog } from '../store/event-log.ts';
import { ownIdentity } from '../store/process-identity.ts';
import { DRIVER, type RunFolder } from '../store/run-folder.ts';
import type { Claim } from './claim-run.ts';
import { endedSince } from './ended-since.ts';

/** What a run is driven for. */
interface Goal {
  /** The last step. */
  readonly until: string;
  /** Tasks that were asked for beyond it. */
  readonly asked?: readonly string[] | undefined;
}

/** One attempt at driving a run: owns the driver's state and events files. */
export class DriverRecord {
  readonly #run: RunFolder;
  readonly #attempt: number;
  readonly #goal: Goal;
  readonly #started = new Date().toISOString();
  readonly #began = performance.now();
  readonly #onEvent: (event: StepEvent) => void;
  readonly #log: EventLog;

  private constructor(run: RunFolder, { attempt }: Claim, goal: Goal, onEvent: (event: StepEvent) => void) {
    this.#run = run;
    this.#attempt = attempt;
    this.#goal = goal;
    this.#onEvent = onEvent;
    this.#log = new EventLog(run.eventsFile(DRIVER));
  }

  /** Records that the run is being driven. */
  static async begin(
    run: RunFolder,
    claim: Claim,
    goal: Goal,
    onEvent: (event: StepEvent) => void,
  ): Promise<DriverRecord> {
    const record = new DriverRecord(run, claim, goal, onEvent);
    try {
      await record.state('running');
    } catch (error) {
      record.close();
      throw error;
    }
    return record;
  }

  say(event: StepEvent): void {
    this.#log.append(event);
    this.#onEvent(event);
  }

  /** @param kept what lists show of the run, which has ended */
  async state(state: ActivityState, failure?: Failure, kept?: KeptOutcome): Promise<void> {
    const { until, asked } = this.#goal;
    const value: DriverState = {
      format: 1,
      attempt: this.#attempt,
      state,
      process: ownIdentity(),
      until,
      ...(asked === undefined ? {} : { asked: [...asked] }),
      started: this.#started,
      ...(state === 'running' ? {} : endedSince(this.#began)),
      ...(failure === undefined ? {} : { failure }),
      ...(kept === undefined ? {} : { kept }),
    };
    await writeJson(this.#run.stateFile(DRIVER), value);
    this.say({ type: 'state', state, ...(failure === undefined ? {} : { message: failure.message }) });
  }

  close(): void {
    this.#log.close();
  }
}
