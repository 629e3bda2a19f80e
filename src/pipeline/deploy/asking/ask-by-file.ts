/** Asks a person at a window, by files in the store (`question-files.ts`). */
import { setTimeout as pause } from 'node:timers/promises';
import type { NewQuestion } from '../../../protocol/question.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { ownIdentity } from '../../store/process-identity.ts';
import {
  endConversation,
  forgetCancel,
  isCancelAsked,
  removeQuestion,
  sweepQuestions,
  takeAnswer,
  writeQuestion,
} from './question-files.ts';

const POLL_MS = 150;
/** Pieces at AWS may cost money while nobody answers; after this long they are taken away. */
const LONGEST_MS = 30 * 60_000;
/** Between two looks whether a question has answered itself. */
const AGAIN_MS = 2000;

export interface AskByFileOptions {
  readonly store: string;
  /** Of this process, in the form of a run's. */
  readonly id: string;
  /** What the process does, as a clause: `deploying shop`. */
  readonly about: string;
  readonly profile: string | undefined;
  /** For tests. */
  readonly longestMs?: number;
}

export interface Asking {
  readonly signal?: AbortSignal | undefined;
  /** Whom the question is about; default: the process's own. */
  readonly profile?: string | undefined;
  /** Whether the question has answered itself meanwhile; then the answer is an empty text. */
  readonly isSettled?: () => Promise<boolean>;
}

export class AskByFile {
  readonly #options: AskByFileOptions;
  #cancelled = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #number = 0;
  /** Questions follow each other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AskByFileOptions) {
    this.#options = options;
    sweepQuestions(options.store);
    this.#timer = setInterval(() => this.#look(), POLL_MS);
    this.#timer.unref();
  }

  /** Is aborted when a person asks the process to stop. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** From now on an earlier request to stop does not count: what is asked is for clearing away. A new one does. */
  startOver(): void {
    forgetCancel(this.#options.store, this.#options.id);
    this.#cancelled = new AbortController();
  }

  #look(): void {
    if (isCancelAsked(this.#options.store, this.#options.id)) this.#cancelled.abort();
  }

  /**
   * @returns undefined where the person turned away
   * @throws UserError where nobody answers for half an hour, or this was cancelled
   */
  ask(question: NewQuestion, asking: Asking = {}): Promise<string | undefined> {
    const answer = this.#last.then(() => this.#ask(question, asking));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #ask(question: NewQuestion, asking: Asking): Promise<string | undefined> {
    const { signal, isSettled } = asking;
    const { store, id, about, longestMs = LONGEST_MS } = this.#options;
    const { profile = this.#options.profile } = asking;
    const number = ++this.#number;
    const giveUp = signal === undefined ? this.cancelled : AbortSignal.any([signal, this.cancelled]);
    await writeQuestion(store, {
      ...question,
      ...{ format: 1, id, number, about, process: ownIdentity() },
      ...(profile === undefined ? {} : { profile }),
    });
    try {
      let looked = performance.now();
      const end = looked + longestMs;
      while (performance.now() < end) {
        await pause(POLL_MS);
        if (giveUp.aborted) throw cancelled();
        const answer = takeAnswer(store, { id, number });
        if (answer !== undefined) return answer.text;
        if (isSettled === undefined || performance.now() - looked < AGAIN_MS) continue;
        if (await isSettled()) return '';
        looked = performance.now();
      }
    } finally {
      removeQuestion(store, id);
    }
    throw new UserError(`Nobody answered, while ${about}.`, 'Start it again when somebody is there.');
  }

  dispose(): void {
    clearInterval(this.#timer);
    endConversation(this.#options.store, this.#options.id);
  }
}

function cancelled(): UserError {
  return new UserError('It was cancelled while a question was open.', 'Start it again when you like.', {
    exitCode: EXIT.cancelled,
  });
}
