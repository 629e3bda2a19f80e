/** What the page is given by where it is shown: a place to keep its state, and a way to speak to the extension. */
import type { PageMessage } from '../../src/protocol/panels/messages.ts';
import type { KeptState } from '../../src/protocol/panels/setup.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare global {
  // Given by VS Code inside a webview only.
  var acquireVsCodeApi: (() => VsCodeApi) | undefined;
}

export interface PageStore {
  readonly kind: 'vscode' | 'file';
  post(message: PageMessage): void;
  /** Unchecked. */
  load(): unknown;
  save(state: KeptState): void;
}

/** May be asked for once only: VS Code gives its handle once. */
export function pageStore(panel: string): PageStore {
  const api = globalThis.acquireVsCodeApi?.();
  if (api === undefined) return fileStore(`recsys-${panel}${location.pathname}`);
  return {
    kind: 'vscode',
    post: (message) => api.postMessage(message),
    load: () => api.getState(),
    save: (state) => api.setState(state),
  };
}

/** The session's storage, where it may be used (not in every browser for local files). */
function fileStore(key: string): PageStore {
  return {
    kind: 'file',
    post: () => undefined,
    load() {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? 'null') as unknown;
      } catch {
        return undefined;
      }
    },
    save(state) {
      try {
        sessionStorage.setItem(key, JSON.stringify(state));
      } catch {
        // Without storage the page works, it only forgets the open tab.
      }
    },
  };
}
