/** Opens cards in a real browser, one at a time, as a file and as VS Code's webview does, and notes everything that goes wrong. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { cardHtml } from '../../src/pipeline/cards/card-html.ts';
import type { CardAssets } from '../../src/pipeline/cards/card-html.ts';
import type { ToCard } from '../../src/protocol/card-messages.ts';
import type { CardData } from '../../src/protocol/run-view.ts';
import { cardAssets } from './card-bundle.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

export interface OpenCard {
  readonly page: Page;
  /** Console messages, uncaught errors, violations of the content security policy. */
  readonly problems: string[];
  /** Addresses asked for, other than the card's own. */
  readonly requests: string[];
}

export interface OpenWebview extends OpenCard {
  readonly send: (message: ToCard) => Promise<void>;
  /** What the card has posted so far. */
  readonly posted: () => Promise<unknown[]>;
}

/** Stands in for VS Code: a state that outlives reloads, and messages kept for the test to read. */
const VSCODE_STUB = `globalThis.posted = [];
globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => posted.push(message),
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});`;

/** A page with the policy that the extension gives its webview: script by nonce, style by address. */
function webviewHtml(bodyClass: string): string {
  const policy = `default-src 'none'; script-src 'nonce-abc'; style-src card.test; font-src card.test; img-src card.test data:`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/card.css"><link rel="stylesheet" href="/theme.css"></head><body class="${bodyClass}"><div id="root"></div>
<script nonce="abc">${VSCODE_STUB}</script><script nonce="abc" src="/card.js"></script></body></html>`;
}

export class CardBrowser {
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #assets: CardAssets;
  #context: BrowserContext | undefined;

  private constructor(browser: Browser, folder: string, assets: CardAssets) {
    this.#browser = browser;
    this.#folder = folder;
    this.#assets = assets;
  }

  /** @throws Error where no browser is installed; RECSYS_CHROMIUM names one in another place */
  static async launch(): Promise<CardBrowser> {
    const candidates = [process.env['RECSYS_CHROMIUM'] ?? '', ...BROWSERS];
    const executablePath = candidates.find((file) => file !== '' && existsSync(file));
    if (executablePath === undefined)
      throw new Error(`no Chromium found among ${BROWSERS.join(', ')}: install one, or set RECSYS_CHROMIUM`);
    const [browser, folder, assets] = await Promise.all([
      chromium.launch({ executablePath, args: ARGUMENTS }),
      mkdtemp(path.join(tmpdir(), 'recsys-card-')),
      cardAssets(),
    ]);
    return new CardBrowser(browser, folder, assets);
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
  ): Promise<OpenCard> {
    const file = path.join(this.#folder, 'card.html');
    await writeFile(file, damage(cardHtml(card, this.#assets)));
    const url = pathToFileURL(file).href;
    const opened = await this.#newPage(options, (address) => address === url);
    await opened.page.goto(url);
    return opened;
  }

  /** The card as VS Code shows it: without data until they are sent. */
  async openWebview(
    look: { bodyClass: string; theme: string },
    options: BrowserContextOptions = {},
  ): Promise<OpenWebview> {
    const opened = await this.#newPage(options, (address) => new URL(address).hostname === 'card.test');
    const { page } = opened;
    const files: Readonly<Record<string, [string, string]>> = {
      '/': ['text/html', webviewHtml(look.bodyClass)],
      '/card.js': ['text/javascript', this.#assets.script],
      '/card.css': ['text/css', this.#assets.style],
      '/theme.css': ['text/css', look.theme],
    };
    await page.route('**/*', async (route) => {
      const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ['text/plain', ''];
      await route.fulfill({ contentType, body });
    });
    await page.goto('http://card.test/');
    return {
      ...opened,
      send: (message) => page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`),
      posted: () => page.evaluate<unknown[]>('posted'),
    };
  }

  async #newPage(options: BrowserContextOptions, isOwn: (address: string) => boolean): Promise<OpenCard> {
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
