/** Where the card is shown: in a VS Code webview, or in a browser as a file of its own. */
import type { FromCard } from '../../src/protocol/card-messages.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare global {
  // Given by VS Code inside a webview only.
  var acquireVsCodeApi: (() => VsCodeApi) | undefined;
}

export interface Host {
  readonly kind: 'vscode' | 'browser';
  post(message: FromCard): void;
  /** State kept over a reload, unchecked. */
  load(): unknown;
  save(state: unknown): void;
}

const STORAGE_KEY = 'recsys-card';

/** State in a browser: the session's storage where it may be used (not in every browser for local files). */
function browserHost(): Host {
  return {
    kind: 'browser',
    post: () => undefined,
    load() {
      try {
        return JSON.parse(sessionStorage.getItem(STORAGE_KEY + location.pathname) ?? 'null') as unknown;
      } catch {
        return undefined;
      }
    },
    save(state) {
      try {
        sessionStorage.setItem(STORAGE_KEY + location.pathname, JSON.stringify(state));
      } catch {
        // Without storage the card works, it only forgets the open tab.
      }
    },
  };
}

/** The host of this page; may be asked for once only (VS Code gives its handle once). */
export function connectHost(): Host {
  const api = globalThis.acquireVsCodeApi?.();
  if (api === undefined) return browserHost();
  return {
    kind: 'vscode',
    post: (message) => api.postMessage(message),
    load: () => api.getState(),
    save: (state) => api.setState(state),
  };
}
