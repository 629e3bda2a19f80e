/**
 * What the stub of VS Code is told by a test, and what it has seen. Questions (messages with buttons, lists, inputs) are
 * answered by `host.answers`, the first of them by the first question, and so on; without one the user turns away.
 */
import * as path from 'node:path';
import { CancellationTokenSource, EventEmitter, Uri } from './values.ts';

export interface Item {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** Something that was shown to the user. */
export interface Shown {
  readonly kind: 'information' | 'warning' | 'error' | 'pick' | 'input' | 'open' | 'save';
  /** Of a message its text, of all others the title. */
  readonly text: string;
  /** Buttons of a message, or labels of a list. */
  readonly choices: readonly string[];
  readonly items: readonly Item[];
  /** Of a modal message. */
  readonly detail: string | undefined;
  /** What an input begins with. */
  readonly value: string | undefined;
}

/** Chooses a button or a row by (a part of) its label, types a text, names a file, or turns away. */
export type Answer = string | readonly string[] | undefined;

export interface ShownProgress {
  readonly title: string;
  readonly messages: string[];
  /** In percent, summed up. */
  total: number;
  readonly cancel: () => void;
  isOver: boolean;
}

interface Folder {
  readonly name: string;
  readonly uri: Uri;
  readonly index: number;
}

class Host {
  folders: Folder[] | undefined = undefined;
  isTrusted = true;
  settings = new Map<string, unknown>();
  answers: Answer[] = [];
  shown: Shown[] = [];
  executed: { id: string; args: readonly unknown[] }[] = [];
  commands = new Map<string, (...args: readonly unknown[]) => unknown>();
  context = new Map<string, unknown>();
  progress: ShownProgress[] = [];
  statusMessages: string[] = [];
  /** Why texts of inputs were refused. */
  refusals: string[] = [];
  statusBar: { text: string; tooltip: unknown; command: unknown; visible: boolean }[] = [];
  files: Uri[] = [];
  editor: unknown;
  clipboard = '';
  /** Lines that were typed into terminals. */
  terminals: { name: string; text: string }[] = [];
  /** Texts of documents that were opened without a file. */
  documents: string[] = [];
  selection: unknown[] = [];
  revealed: unknown[] = [];
  viewMessage: string | undefined;
  logged: string[] = [];
  isLogShown = false;
  readonly foldersChanged = new EventEmitter<object>();
  readonly configurationChanged = new EventEmitter<{ affectsConfiguration(name: string): boolean }>();

  /** Everything as in a new window. */
  reset(): void {
    this.folders = undefined;
    this.isTrusted = true;
    for (const list of [this.settings, this.commands, this.context]) list.clear();
    this.answers = [];
    this.shown = [];
    this.executed = [];
    this.progress = [];
    this.statusMessages = [];
    this.refusals = [];
    this.statusBar = [];
    this.files = [];
    this.editor = undefined;
    this.clipboard = '';
    this.terminals = [];
    this.documents = [];
    this.selection = [];
    this.revealed = [];
    this.viewMessage = undefined;
    this.logged = [];
    this.isLogShown = false;
    this.foldersChanged.dispose();
    this.configurationChanged.dispose();
  }

  openFolders(...folders: readonly string[]): void {
    this.folders = folders.map((folder, index) => ({
      ...{ index, name: path.basename(folder), uri: Uri.file(folder) },
    }));
    this.foldersChanged.fire({});
  }

  set(name: string, value: unknown): void {
    this.settings.set(name, value);
    this.configurationChanged.fire({
      affectsConfiguration: (section) => name === section || name.startsWith(`${section}.`),
    });
  }

  /** Texts of the messages of a kind. */
  messages(kind: Shown['kind']): string[] {
    return this.shown.filter((one) => one.kind === kind).map(({ text }) => text);
  }

  executedIds(): string[] {
    return this.executed.map(({ id }) => id);
  }

  /** @returns the answer for what is shown */
  ask(shown: Pick<Shown, 'kind' | 'text'> & Partial<Shown>): {
    readonly given: boolean;
    readonly answer: Answer;
  } {
    const all = { choices: [], items: [], detail: undefined, value: undefined, ...shown };
    this.shown.push(all);
    if (this.answers.length === 0) return { given: false, answer: undefined };
    const isPlain = all.kind !== 'pick' && all.kind !== 'input' && all.choices.length === 0;
    if (isPlain && all.kind !== 'open' && all.kind !== 'save') return { given: false, answer: undefined };
    return { given: true, answer: this.answers.shift() };
  }

  startProgress(title: string): { progress: ShownProgress; token: CancellationTokenSource['token'] } {
    const source = new CancellationTokenSource();
    const progress = { title, messages: [], total: 0, cancel: () => source.cancel(), isOver: false };
    this.progress.push(progress);
    return { progress, token: source.token };
  }
}

export const host = new Host();
