/**
 * Opens views in a real browser, one at a time, on the page that the extension makes and with the extension's own host
 * behind it, or as a file; and notes everything that goes wrong.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { PanelPageHost } from '../../src/extension/panels/host.ts';
import { panelHtml } from '../../src/extension/panels/page.ts';
import type { AnyHandler } from '../../src/extension/panels/router.ts';
import { cardHtml } from '../../src/pipeline/cards/card-html.ts';
import { cardPanel } from '../../src/protocol/panels/card.ts';
import type { PanelContract } from '../../src/protocol/panels/contract.ts';
import type { HostMessage } from '../../src/protocol/panels/messages.ts';
import type { CardData } from '../../src/protocol/run-view.ts';
import { launchBrowser } from '../vscode-host/browser.mjs';
import { THEMES } from './themes.ts';
import type { Theme } from './themes.ts';
import { buildView } from './view-bundle.ts';
import type { BuiltView } from './view-bundle.ts';

const ORIGIN = 'http://panel.test';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface OpenView {
  readonly page: Page;
  /** Console messages and uncaught errors. */
  readonly problems: string[];
  /** Addresses asked for, other than the view's own. */
  readonly requests: string[];
}

export interface OpenPanel extends OpenView {
  readonly host: PanelPageHost;
  /** Everything that the page sent. */
  readonly posted: unknown[];
  /** What the host had to say. */
  readonly warnings: string[];
  /** How often a page was loaded and listened. */
  readonly readied: () => number;
  /** Any message at all, as if VS Code had delivered it. */
  readonly deliver: (message: unknown) => Promise<void>;
}

export interface PanelOptions {
  readonly view: BuiltView;
  readonly contract: PanelContract;
  readonly key?: unknown;
  readonly handlers?: Readonly<Record<string, AnyHandler | undefined>>;
  readonly theme?: Theme;
  readonly strings?: Readonly<Record<string, string>>;
}

/**
 * Stands in for VS Code inside the page: a state that outlives reloads, the theme, and the way to the extension, which is
 * long: messages that follow each other at once go together.
 */
function vscodeInPage(theme: Theme): string {
  return `globalThis.acquireVsCodeApi = () => {
  globalThis.acquireVsCodeApi = undefined;
  const waiting = [];
  const send = () => {
    if (waiting.length > 0) void toHost(waiting.splice(0));
  };
  addEventListener('pagehide', send);
  return {
    postMessage: (message) => {
      if (waiting.push(structuredClone(message)) === 1) setTimeout(send);
    },
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  };
};
new MutationObserver((_, observer) => {
  if (document.body === null) return;
  observer.disconnect();
  (${themeSetter(theme)})();
}).observe(document, { childList: true, subtree: true });`;
}

/** A function of the page that gives it a theme. */
function themeSetter({ bodyClass, variables }: Theme): string {
  return `() => {
  document.body.className = ${JSON.stringify(bodyClass)};
  document.documentElement.removeAttribute('style');
  for (const [name, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty('--vscode-' + name, value);
}`;
}

export class PanelBrowser {
  readonly #browser: Browser;
  readonly #folder: string;
  readonly card: BuiltView;
  #context: BrowserContext | undefined;

  private constructor(browser: Browser, folder: string, card: BuiltView) {
    this.#browser = browser;
    this.#folder = folder;
    this.card = card;
  }

  /** @throws Error where no browser is installed; RECSYS_CHROMIUM names one in another place */
  static async launch(): Promise<PanelBrowser> {
    const [browser, folder, card] = await Promise.all([
      launchBrowser(),
      mkdtemp(path.join(tmpdir(), 'recsys-view-')),
      buildView('card'),
    ]);
    return new PanelBrowser(browser, folder, card);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The card as `recsys card` writes it, opened as a local file; `damage` changes the file before. */
  async openFile(
    card: CardData,
    options: BrowserContextOptions = {},
    damage: (html: string) => string = (html) => html,
  ): Promise<OpenView> {
    const file = path.join(this.#folder, 'card.html');
    await writeFile(file, damage(cardHtml(card, this.card)));
    return this.openAddress(pathToFileURL(file).href, options);
  }

  /** A page that is one file. */
  async openAddress(url: string, options: BrowserContextOptions = {}): Promise<OpenView> {
    const opened = await this.#newPage(options, (address) => address === url);
    await opened.page.goto(url);
    return opened;
  }

  /** The card as VS Code shows it: without data until they are sent. */
  openCard(
    theme: Theme = THEMES.dark,
    options: BrowserContextOptions = {},
    handlers: PanelOptions['handlers'] = {},
  ): Promise<OpenPanel> {
    return this.openPanel({ view: this.card, contract: cardPanel, key: 'run', theme, handlers }, options);
  }

  /** Any view on the page that the extension makes; resolves when the page listens. */
  async openPanel(panel: PanelOptions, options: BrowserContextOptions = {}): Promise<OpenPanel> {
    const opened = await this.#newPage(options, (address) => address.startsWith(`${ORIGIN}/`));
    const { page } = opened;
    const { contract, view, handlers = {}, theme = THEMES.dark, strings = contract.strings } = panel;
    const posted: unknown[] = [];
    const warnings: string[] = [];
    let readied = 0;
    const deliver = (message: unknown): Promise<void> =>
      // As an expression: functions with arguments are put together by eval, which the policy of the page forbids.
      page.evaluate(`window.postMessage(${sourceOf(message)}, '*')`);
    const host = new PanelPageHost({
      contract,
      handlers,
      post: (message: HostMessage) => deliver(message),
      onReady: () => readied++,
      warn: (message) => warnings.push(message),
    });
    await page.exposeFunction('toHost', (messages: readonly unknown[]) => {
      for (const message of messages) {
        posted.push(message);
        host.receive(message);
      }
    });
    await page.addInitScript(vscodeInPage(theme));
    const html = panelHtml({
      script: `${ORIGIN}/${view.name}.js`,
      style: `${ORIGIN}/${view.name}.css`,
      source: ORIGIN,
      nonce: 'n0nce',
      title: view.name,
      setup: { version: contract.version, key: panel.key, strings: { ...strings }, events: [] },
    });
    await serve(page, {
      '/': ['text/html', html],
      [`/${view.name}.js`]: ['text/javascript', view.script],
      [`/${view.name}.css`]: ['text/css', view.style],
    });
    await page.goto(`${ORIGIN}/`);
    await until(() => host.isReady || opened.problems.length > 0);
    if (!host.isReady) throw new Error(`the page is not ready: ${opened.problems.join(' ')}`);
    return { ...opened, host, posted, warnings, readied: () => readied, deliver };
  }

  async #newPage(options: BrowserContextOptions, isOwn: (address: string) => boolean): Promise<OpenView> {
    await this.#context?.close();
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    this.#context = context;
    const page = await context.newPage();
    const problems: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!isOwn(request.url()) && !request.url().startsWith('data:')) requests.push(request.url());
    });
    await page.addInitScript(`globalThis.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.sample));`);
    return { page, problems, requests };
  }
}

async function serve(page: Page, files: Readonly<Record<string, [string, string]>>): Promise<void> {
  await page.route('**/*', async (route) => {
    const file = files[new URL(route.request().url()).pathname];
    if (file === undefined) await route.fulfill({ status: 404, body: '' });
    else await route.fulfill({ contentType: `${file[0]}; charset=utf-8`, body: file[1] });
  });
}

/** A value as an expression that makes it, typed arrays included. */
export function sourceOf(value: unknown): string {
  if (value instanceof Float32Array) return `new Float32Array(${JSON.stringify([...value])})`;
  if (Array.isArray(value)) return `[${value.map(sourceOf).join(',')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === undefined) return 'undefined';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => `[${JSON.stringify(key)}]: ${sourceOf(field)}`);
  return `{${fields.join(',')}}`;
}

/** Waits for something that nothing tells of. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end)
      throw new Error(`it did not come to hold within ${limitMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

interface AxeResult {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds wrong on the page as it is now, one line each. */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // As an expression, by the debugger, which no content security policy stops.
  if (await page.evaluate<boolean>(`typeof axe === 'undefined'`)) await page.evaluate(AXE);
  const options = {
    resultTypes: ['violations'],
    preload: false,
    selectors: false,
    ...(rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } }),
  };
  const found = await page.evaluate<AxeResult[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`,
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  );
}

/** Changes the theme of an open page, as VS Code does. */
export async function changeTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(`(${themeSetter(theme)})()`);
}
