/** A window that panels may be made in, without VS Code. */
import type * as vscode from 'vscode';
import type { PanelMachinery, PanelWindow } from '../../../src/extension/panels/registry.ts';

class Emitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();

  readonly event = (listener: (value: T) => unknown): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}

/** As the page keeps it. */
export function kept(version: number, key: unknown): unknown {
  return { version, key, state: {} };
}

/** As much of a webview panel as the registry uses; like VS Code's, it throws when it is used after its end. */
export class FakePanel {
  readonly viewType: string;
  readonly title = 'Toy';
  readonly posted: unknown[] = [];
  readonly #received = new Emitter<unknown>();
  readonly #closed = new Emitter<void>();
  readonly #viewState = new Emitter<void>();
  readonly onDidDispose = this.#closed.event;
  readonly onDidChangeViewState = this.#viewState.event;
  readonly webview: {
    html: string;
    cspSource: string;
    onDidReceiveMessage: Emitter<unknown>['event'];
    postMessage: (message: unknown) => Promise<boolean>;
  };
  isDisposed = false;
  visible = true;
  revealed = 0;

  constructor(viewType: string) {
    this.viewType = viewType;
    this.webview = {
      html: '',
      cspSource: 'asset:',
      onDidReceiveMessage: this.#received.event,
      postMessage: (message) => {
        this.#used();
        this.posted.push(message);
        return Promise.resolve(true);
      },
    };
  }

  #used(): void {
    if (this.isDisposed) throw new Error('Webview is disposed');
  }

  receive(message: unknown): void {
    this.#received.fire(message);
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.#viewState.fire();
  }

  reveal(): void {
    this.#used();
    this.revealed++;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.#closed.fire();
  }
}

export class FakeWindow implements PanelWindow {
  readonly panels: (FakePanel & vscode.WebviewPanel)[] = [];
  readonly serializers = new Set<string>();
  readonly warnings: string[] = [];
  readonly machinery: () => Promise<PanelMachinery>;

  constructor(machinery: PanelMachinery) {
    this.machinery = () => Promise.resolve(machinery);
  }

  newPanel(viewType = 'recsys.toy'): FakePanel & vscode.WebviewPanel {
    // The registry uses no more of a panel than the fake has.
    const panel = new FakePanel(viewType) as unknown as FakePanel & vscode.WebviewPanel;
    this.panels.push(panel);
    return panel;
  }

  readonly create = (viewType: string): vscode.WebviewPanel => this.newPanel(viewType);
  readonly serialize = (viewType: string): { dispose(): void } => {
    this.serializers.add(viewType);
    return { dispose: () => this.serializers.delete(viewType) };
  };
  readonly prepare = (): void => undefined;
  readonly address = (_: vscode.WebviewPanel, file: string): string => `asset:${file}`;
  readonly translate = (text: string): string => `‹${text}›`;
  readonly warn = (message: string): void => void this.warnings.push(message);
}
