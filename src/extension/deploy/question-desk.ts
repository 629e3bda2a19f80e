import * as vscode from 'vscode';
import { escapeLinks } from '../../protocol/text/escape.ts';
import type { EndpointList, ShownQuestion } from '../endpoints/endpoint-list.ts';
import type { Stores } from '../runs/stores.ts';
import { runTitle } from '../runs/run-text.ts';
import { showError } from '../show-error.ts';
import { profileText } from './aws-text.ts';
import type { Remembered } from './remembered.ts';
import { isConfirmation, showQuestion, type AskedAtOnce } from './show-question.ts';
import { signIn } from './sign-in.ts';

export interface DeskParts {
  readonly list: EndpointList;
  readonly stores: Stores;
  readonly remembered: Remembered;
  readonly log: vscode.LogOutputChannel;
}

/** Puts what processes ask that deploy, take away or predict to the person at this window, each question once, those of an earlier window too. */
export class QuestionDesk implements vscode.Disposable {
  readonly #parts: DeskParts;
  readonly #subscription: vscode.Disposable;
  /** Those that were put, with what takes them back. */
  readonly #put = new Map<string, vscode.CancellationTokenSource>();
  /** One dialog at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#subscription = parts.list.onDidChange(() => this.#look());
  }

  #look(): void {
    const { questions } = this.#parts.list;
    const open = new Set(questions.map(keyOf));
    for (const [key, source] of this.#put) {
      if (open.has(key)) continue;
      source.cancel();
      source.dispose();
      this.#put.delete(key);
    }
    for (const shown of questions) if (!this.#put.has(keyOf(shown))) this.#putOne(shown);
  }

  #putOne({ store, question }: ShownQuestion): void {
    const source = new vscode.CancellationTokenSource();
    this.#put.set(keyOf({ store, question }), source);
    if (question.kind === 'signIn') {
      void this.#askToSignIn({ store, question });
      return;
    }
    this.#last = this.#last.then(() => this.#ask(store, question, source.token));
  }

  async #ask(
    store: ShownQuestion['store'],
    question: AskedAtOnce,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const isOver = (): boolean => token.isCancellationRequested;
    if (isOver()) return;
    const { stores, remembered, log } = this.#parts;
    const titleOf = (run: string): string => {
      const row = stores.run(run);
      return row === undefined ? run : runTitle(row);
    };
    try {
      const text = await showQuestion(question, { remembered, token, runTitle: titleOf });
      // What was answered elsewhere, or is asked by nobody any more, closes by itself.
      if (isOver()) return;
      if (text === undefined && !isConfirmation(question)) {
        void this.#keep({ store, question }, token);
        return;
      }
      const { id, number } = question;
      await this.#send(store, { id, number, ...(text === undefined ? {} : { text }) });
    } catch (error) {
      showError(error, log);
    }
  }

  /** Another list or the palette closes one that is open: that is no answer, and it can be asked for again. */
  async #keep(
    { store, question }: { readonly store: ShownQuestion['store']; readonly question: AskedAtOnce },
    token: vscode.CancellationToken,
  ): Promise<void> {
    const [answer, cancel] = [vscode.l10n.t('Answer'), vscode.l10n.t('Cancel')];
    const text = vscode.l10n.t('RecSys waits for an answer: {0}.', question.about);
    const chosen = await vscode.window.showInformationMessage(escapeLinks(text), answer, cancel);
    if (token.isCancellationRequested) return;
    if (chosen === answer) this.#last = this.#last.then(() => this.#ask(store, question, token));
    const { id, number } = question;
    if (chosen === cancel) await this.#send(store, { id, number });
  }

  async #send(
    store: ShownQuestion['store'],
    answer: { readonly id: string; readonly number: number; readonly text?: string },
  ): Promise<void> {
    try {
      await store.engine.request('endpoints/answer', answer);
    } catch (error) {
      showError(error, this.#parts.log);
    }
  }

  /** It stays open until the process sees that the person has signed in; the process's notification cancels it. */
  async #askToSignIn({ question: { profile, about } }: ShownQuestion): Promise<void> {
    const button = vscode.l10n.t('Sign In');
    const text = vscode.l10n.t(
      'The sign-in of {0} at AWS is over; {1} waits for it.',
      profileText(profile),
      about,
    );
    if ((await vscode.window.showWarningMessage(escapeLinks(text), button)) === button) await signIn(profile);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const source of this.#put.values()) source.dispose();
  }
}

function keyOf({ store, question: { id, number } }: ShownQuestion): string {
  return `${store.site.settings.storeFolder} ${id} ${number}`;
}
