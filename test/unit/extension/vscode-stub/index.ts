/** A small VS Code for unit tests: `import … from 'vscode'` resolves to this file (test/vitest.config.ts). */
import * as path from 'node:path';
import { host, type Item } from './host.ts';
import { EventEmitter, Uri } from './values.ts';

export * from './values.ts';

/** The row of a list, or the button, that an answer means. */
function meant<T>(items: readonly T[], labelOf: (item: T) => string, answer: unknown): T | undefined {
  if (typeof answer !== 'string') return undefined;
  const found = items.find((item) => labelOf(item).includes(answer));
  if (found === undefined) throw new Error(`there is no ‘${answer}’ among ${items.map(labelOf).join(', ')}`);
  return found;
}

function message(kind: 'information' | 'warning' | 'error') {
  return (text: string, ...rest: readonly (string | { modal?: boolean; detail?: string })[]) => {
    const options = rest.find((one) => typeof one === 'object');
    const choices = rest.filter((one) => typeof one === 'string');
    const { answer } = host.ask({ kind, text, choices, detail: options?.detail });
    return Promise.resolve(meant(choices, (choice) => choice, answer));
  };
}

class StatusBarItem {
  name = '';
  text = '';
  tooltip: unknown;
  command: unknown;
  visible = false;

  show(): void {
    this.visible = true;
  }

  hide(): void {
    this.visible = false;
  }

  dispose(): void {
    host.statusBar = host.statusBar.filter((item) => item !== this);
  }
}

/** Answers as soon as it is shown: a label chooses, a list of labels chooses several. */
class QuickPick {
  title = '';
  placeholder = '';
  items: readonly Item[] = [];
  selectedItems: readonly Item[] = [];
  buttons: readonly unknown[] = [];
  canSelectMany = false;
  readonly #accepted = new EventEmitter<undefined>();
  readonly #hidden = new EventEmitter<undefined>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidHide = this.#hidden.event;
  readonly onDidTriggerButton = new EventEmitter<unknown>().event;

  show(): void {
    const choices = this.items.map(({ label }) => label);
    const { given, answer } = host.ask({ kind: 'pick', text: this.title, choices, items: this.items });
    if (!given || answer === undefined) return this.#hidden.fire(undefined);
    const labels = typeof answer === 'string' ? [answer] : answer;
    this.selectedItems = labels.flatMap((label) => meant(this.items, (item) => item.label, label) ?? []);
    this.#accepted.fire(undefined);
  }

  dispose(): void {
    this.#accepted.dispose();
  }
}

interface InputOptions {
  readonly title?: string;
  readonly value?: string;
  readonly validateInput?: (value: string) => string | undefined;
}

export const window = {
  get activeTextEditor() {
    return host.editor;
  },
  showInformationMessage: message('information'),
  showWarningMessage: message('warning'),
  showErrorMessage: message('error'),
  showQuickPick: (items: readonly Item[], options: { title?: string; canPickMany?: boolean } = {}) => {
    const choices = items.map(({ label }) => label);
    const { answer } = host.ask({ kind: 'pick', text: options.title ?? '', choices, items });
    if (options.canPickMany === true)
      return Promise.resolve(
        Array.isArray(answer) ? items.filter(({ label }) => answer.includes(label)) : undefined,
      );
    return Promise.resolve(meant(items, ({ label }) => label, answer));
  },
  showInputBox: ({ title = '', value, validateInput }: InputOptions) => {
    const { answer } = host.ask({ kind: 'input', text: title, value });
    if (typeof answer !== 'string') return Promise.resolve(undefined);
    // The box stays open while its text is refused; the user of a test turns away then.
    const refused = validateInput?.(answer);
    if (refused !== undefined) host.refusals.push(refused);
    return Promise.resolve(refused === undefined ? answer : undefined);
  },
  showOpenDialog: ({ title = '' }: { title?: string }) => {
    const { answer } = host.ask({ kind: 'open', text: title });
    return Promise.resolve(typeof answer === 'string' ? [Uri.file(answer)] : undefined);
  },
  showSaveDialog: () => {
    const { answer } = host.ask({ kind: 'save', text: '' });
    return Promise.resolve(typeof answer === 'string' ? Uri.file(answer) : undefined);
  },
  createQuickPick: () => new QuickPick(),
  createTerminal: ({ name }: { name: string }) => ({
    show: () => undefined,
    sendText: (text: string) => void host.terminals.push({ name, text }),
  }),
  showTextDocument: (document: { content: string }) => {
    host.documents.push(document.content);
    return Promise.resolve();
  },
  setStatusBarMessage: (text: string) => host.statusMessages.push(text),
  createStatusBarItem: () => {
    const item = new StatusBarItem();
    host.statusBar.push(item);
    return item;
  },
  createTreeView: () => ({
    set message(text: string) {
      host.viewMessage = text;
    },
    get selection() {
      return host.selection;
    },
    reveal: (node: unknown) => {
      host.revealed.push(node);
      return Promise.resolve();
    },
    dispose: () => undefined,
  }),
  withProgress: async <T>(
    { title = '' }: { readonly title?: string },
    task: (
      progress: { report(value: { message?: string; increment?: number }): void },
      token: ReturnType<typeof host.startProgress>['token'],
    ) => Promise<T>,
  ): Promise<T> => {
    const { progress, token } = host.startProgress(title);
    const report = (value: { message?: string; increment?: number }): void => {
      if (value.message !== undefined) progress.messages.push(value.message);
      progress.total += value.increment ?? 0;
    };
    try {
      return await task({ report }, token);
    } finally {
      progress.isOver = true;
    }
  },
};

export const commands = {
  registerCommand: (id: string, run: (...args: readonly unknown[]) => unknown) => {
    host.commands.set(id, run);
    return { dispose: () => host.commands.delete(id) };
  },
  executeCommand: (id: string, ...args: readonly unknown[]): Promise<unknown> => {
    if (id === 'setContext') host.context.set(String(args[0]), args[1]);
    else host.executed.push({ id, args });
    return Promise.resolve(host.commands.get(id)?.(...args));
  },
};

export const workspace = {
  openTextDocument: (document: { content: string }) => Promise.resolve(document),
  registerTextDocumentContentProvider: () => ({ dispose: () => undefined }),
  onDidCloseTextDocument: () => ({ dispose: () => undefined }),
  get workspaceFolders() {
    return host.folders;
  },
  get isTrusted() {
    return host.isTrusted;
  },
  onDidChangeWorkspaceFolders: host.foldersChanged.event,
  onDidChangeConfiguration: host.configurationChanged.event,
  getConfiguration: (section: string) => ({
    get: (name: string, otherwise?: unknown) => host.settings.get(`${section}.${name}`) ?? otherwise,
  }),
  findFiles: () => Promise.resolve(host.files),
  asRelativePath: (file: string) => {
    const folder = host.folders?.find(({ uri }) => file.startsWith(`${uri.fsPath}${path.sep}`));
    if (folder === undefined) return file;
    const relative = path.relative(folder.uri.fsPath, file);
    return (host.folders ?? []).length > 1 ? path.join(folder.name, relative) : relative;
  },
  getWorkspaceFolder: (uri: Uri) =>
    host.folders?.find((folder) => uri.fsPath.startsWith(`${folder.uri.fsPath}${path.sep}`)),
};

export const languages = {
  registerHoverProvider: () => ({ dispose: () => undefined }),
};

export const env = {
  sessionId: 'session',
  shell: '/bin/bash',
  clipboard: {
    writeText: (text: string) => {
      host.clipboard = text;
      return Promise.resolve();
    },
  },
};
