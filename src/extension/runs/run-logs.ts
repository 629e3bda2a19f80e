import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { GrowingLog } from './growing-log.ts';
import type { Stores } from './stores.ts';
import { goneRun } from './stores.ts';

const SCHEME = 'recsys-log';
const EXTENSION = '.log';

/** While a log is shown and its run changes, it is read on so often. */
const REFRESH_MS = 1000;

/** A log that is shown, and the run's row when it was read. */
interface OpenLog {
  /** Names it: `run-reference.ts`. */
  readonly run: string;
  readonly log: GrowingLog;
  read: RunRow | undefined;
}

/** Logs of runs as read-only documents, as `recsys logs` prints them; they grow while the run goes on. */
export class RunLogs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #stores: Stores;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: readonly vscode.Disposable[];
  /** By address. */
  readonly #open = new Map<string, OpenLog>();
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(stores: Stores) {
    this.#stores = stores;
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(() => this.#schedule()),
      stores.onDidChange(() => this.#schedule()),
    ];
  }

  /** Opens the log of a run, or of one step or branch, read anew. */
  async open({ id, folder }: RunRow, step?: string): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${[id, ...(step === undefined ? [] : [step])].join('/')}${EXTENSION}`,
      query: folder,
    });
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, 'log'), {
      preview: true,
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    // After a reload of the window the document is there before the stores are known.
    await this.#stores.ready();
    const open = this.#open.get(uri.toString()) ?? this.#begin(uri);
    open.read = this.#stores.run(open.run);
    return open.log.read();
  }

  /** @throws {UserError} when no store has the run */
  #begin(uri: vscode.Uri): OpenLog {
    const [id = '', ...step] = uri.path.slice(1, -EXTENSION.length).split('/');
    // Logs that an earlier version opened have no folder.
    const run = uri.query === '' ? id : uri.query;
    const store = this.#stores.of(run);
    if (store === undefined) throw goneRun(run);
    const params = { run: id, ...(step.length === 0 ? {} : { step: step.join('/') }) };
    const log = new GrowingLog((asked) => store.engine.request('run/log', asked), params);
    const open = { run, log, read: undefined };
    this.#open.set(uri.toString(), open);
    return open;
  }

  /** Logs of runs that changed since they were read are read on; those that are no longer shown are forgotten. */
  #schedule(): void {
    if (this.#open.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#forgetClosed();
      for (const [address, { run, read }] of this.#open)
        if (this.#stores.run(run) !== read) this.#changed.fire(vscode.Uri.parse(address));
    }, REFRESH_MS);
  }

  /** Looked at a little later: setting a document's language closes and opens it. */
  #forgetClosed(): void {
    const shown = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    // One that is being read for the first time is not shown yet.
    for (const [address, { read }] of this.#open)
      if (read !== undefined && !shown.has(address)) this.#open.delete(address);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}
