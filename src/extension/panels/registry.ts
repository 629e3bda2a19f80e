/**
 * The panels of the extension: each kind is defined by its contract and what it does, and has at most one panel a key,
 * opened or restored in any order.
 */
import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';
import type { KeyOf, PanelContract } from '../../protocol/panels/contract.ts';
import type { KeptState, PanelSetup } from '../../protocol/panels/setup.ts';
import type { PanelPageHost, Send } from './host.ts';
import { panelHtml } from './page.ts';
import type { Handlers } from './router.ts';

export interface Disposable {
  dispose(): void;
}

/** What an open panel offers to what it does. */
export interface PanelHandle<C extends PanelContract> {
  readonly key: KeyOf<C>;
  /** False where no page listens: it is asked for again by `ready`. */
  readonly send: Send<C>;
  /** Whether a page listens now. */
  readonly isReady: () => boolean;
}

/** What one open panel does. */
export interface PanelBehaviour<C extends PanelContract> extends Disposable {
  readonly requests: Handlers<C>;
  /** The page was loaded, for the first time or again, and is to be told everything. */
  ready(): void;
}

export interface PanelDefinition<C extends PanelContract> {
  /** As in the contract; known before it is loaded. */
  readonly name: C['name'];
  /** Loaded when a panel is first opened or restored. */
  readonly contract: () => Promise<C>;
  readonly start: (panel: PanelHandle<C>) => PanelBehaviour<C>;
}

/** A kind of panel: its contract, and what an open one does. */
export function definePanel<C extends PanelContract>(definition: PanelDefinition<C>): PanelDefinition<C> {
  return definition;
}

/** What the panels need of VS Code, so that tests can stand in for it. */
export interface PanelWindow {
  readonly create: (viewType: string, title: string) => vscode.WebviewPanel;
  readonly serialize: (viewType: string, serializer: vscode.WebviewPanelSerializer) => Disposable;
  /** Sets what the webview may do, and its icon. */
  readonly prepare: (panel: vscode.WebviewPanel) => void;
  /** The address of one of our files, as the webview can reach it. */
  readonly address: (panel: vscode.WebviewPanel, file: string) => string;
  readonly translate: (text: string) => string;
  readonly warn: (message: string) => void;
  /** Loaded late: schemas are most of the code. */
  readonly machinery: () => Promise<PanelMachinery>;
}

export interface PanelMachinery {
  readonly PanelPageHost: typeof PanelPageHost;
  readonly KeptState: typeof KeptState;
}

interface Loaded<C extends PanelContract> {
  readonly contract: C;
  readonly machinery: PanelMachinery;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly parts: Disposable;
}

export class Panels<C extends PanelContract> implements vscode.WebviewPanelSerializer, Disposable {
  readonly #definition: PanelDefinition<C>;
  readonly #window: PanelWindow;
  readonly #open = new Map<string, OpenPanel>();
  readonly #registration: Disposable;
  #isDisposed = false;

  constructor(definition: PanelDefinition<C>, window: PanelWindow) {
    this.#definition = definition;
    this.#window = window;
    this.#registration = window.serialize(this.#viewType(), this);
  }

  /** Shows the panel of a key: the one there is, or a new one. */
  async open(key: KeyOf<C>, title: string): Promise<void> {
    const loaded = await this.#load();
    // From here to its entry in the map nothing is awaited, so no other panel of the key can come between.
    const existing = this.#open.get(identity(key));
    if (existing !== undefined) existing.panel.reveal();
    else if (!this.#isDisposed) this.#adopt(this.#window.create(this.#viewType(), title), key, loaded);
  }

  /** VS Code asks for it when a tab of an earlier session is first shown, which may be long after `open`. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const watched = { isClosed: false };
    const closing = panel.onDidDispose(() => (watched.isClosed = true));
    const loaded = await this.#load();
    closing.dispose();
    if (watched.isClosed) return;
    const state = loaded.machinery.KeptState.safeParse(kept);
    const key = loaded.contract.key.safeParse(state.data?.key);
    const existing = key.success ? this.#open.get(identity(key.data)) : undefined;
    if (key.success && existing === undefined && !this.#isDisposed) {
      this.#adopt(panel, key.data as KeyOf<C>, loaded);
      return;
    }
    panel.dispose();
    existing?.panel.reveal();
  }

  #viewType(): string {
    return `recsys.${this.#definition.name}`;
  }

  async #load(): Promise<Loaded<C>> {
    const [contract, machinery] = await Promise.all([this.#definition.contract(), this.#window.machinery()]);
    return { contract, machinery };
  }

  #adopt(panel: vscode.WebviewPanel, key: KeyOf<C>, loaded: Loaded<C>): void {
    const id = identity(key);
    const entry = {
      panel,
      parts: this.#connect(panel, key, loaded, () => {
        entry.parts.dispose();
        // Only its own entry: another panel of the key may have taken the place.
        if (this.#open.get(id) === entry) this.#open.delete(id);
      }),
    };
    this.#open.set(id, entry);
    this.#window.prepare(panel);
    panel.webview.html = this.#html(panel, key, loaded.contract);
  }

  #connect(
    panel: vscode.WebviewPanel,
    key: KeyOf<C>,
    { contract, machinery }: Loaded<C>,
    onClosed: () => void,
  ): Disposable {
    const page: { host?: PanelPageHost } = {};
    const behaviour = this.#definition.start({
      key,
      send: (name, payload) => page.host?.send(name, payload) ?? false,
      isReady: () => page.host?.isReady ?? false,
    });
    const connected = new machinery.PanelPageHost({
      contract,
      handlers: behaviour.requests,
      post: (message) => panel.webview.postMessage(message),
      onReady: () => behaviour.ready(),
      warn: this.#window.warn,
    });
    page.host = connected;
    const parts = [
      panel.webview.onDidReceiveMessage((message: unknown) => connected.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) connected.unload();
      }),
      panel.onDidDispose(onClosed),
      behaviour,
    ];
    return {
      dispose: () => {
        for (const part of parts) part.dispose();
        connected.close();
      },
    };
  }

  #html(panel: vscode.WebviewPanel, key: KeyOf<C>, contract: C): string {
    const address = (file: string): string => this.#window.address(panel, file);
    const texts = Object.entries(contract.strings).map(([name, text]): [string, string] => [
      name,
      this.#window.translate(text),
    ]);
    const { version }: PanelContract = contract;
    const setup: PanelSetup = { version, key, strings: Object.fromEntries(texts), events: [] };
    return panelHtml({
      script: address(`${contract.name}.js`),
      style: address(`${contract.name}.css`),
      source: panel.webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      title: panel.title,
      setup,
    });
  }

  /** The panels themselves stay: VS Code keeps them over a reload. */
  dispose(): void {
    this.#isDisposed = true;
    this.#registration.dispose();
    for (const { parts } of this.#open.values()) parts.dispose();
    this.#open.clear();
  }
}

/** Equal for equal keys, whatever the order of their fields. */
function identity(key: unknown): string {
  if (typeof key !== 'object' || key === null) return JSON.stringify(key);
  return JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));
}
