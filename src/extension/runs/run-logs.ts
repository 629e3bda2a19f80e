import * as vscode from 'vscode';
import { captureCli } from '../processes/capture-cli.ts';
import type { Stores } from './stores.ts';
import { goneRun } from './stores.ts';

const SCHEME = 'recsys-log';
const EXTENSION = '.log';

/** Logs of runs as read-only documents, as `recsys logs` prints them. */
export class RunLogs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #stores: Stores;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(stores: Stores) {
    this.#stores = stores;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Opens the log of a run, or of one step or branch, read anew. */
  async open(run: string, step?: string): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${[run, ...(step === undefined ? [] : [step])].join('/')}${EXTENSION}`,
    });
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, 'log'), {
      preview: true,
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [run = '', ...step] = uri.path.slice(1, -EXTENSION.length).split('/');
    // After a reload of the window the document is there before the stores are known.
    await this.#stores.ready();
    const store = this.#stores.of(run);
    if (store === undefined) throw goneRun(run);
    const { folder, settings, runtime } = store.site;
    const args = [
      'logs',
      run,
      ...(step.length === 0 ? [] : ['--step', step.join('/')]),
      '--store',
      settings.storeFolder,
    ];
    return captureCli(runtime, args, folder);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
