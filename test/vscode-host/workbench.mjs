// The workbench as a person uses it: mouse, keyboard, and what can be seen.
import { watchOutsideHosts, workbenchUrl } from './browser.mjs';

const MENU_DELAY_MS = 200;
const MENU_ATTEMPTS = 20;
const ENABLED_ENTRY = '.action-item:not(.disabled)';
const PALETTE_MS = 20_000;
const PALETTE_ATTEMPTS = 4;

/** Whether something comes to be visible, or hidden, in time. */
function appears(locator, state, timeout) {
  return locator.waitFor({ state, timeout }).then(
    () => true,
    () => false,
  );
}

export class Workbench {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
    this.outsideHosts = watchOutsideHosts(page);
  }

  static async open(browser, port, { folder, workspace, extension, width = 1360, height = 860 } = {}) {
    const context = await browser.newContext({
      viewport: { width, height },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const slower = Number(process.env.RECSYS_SLOWER_PAGES ?? 1);
    if (slower > 1)
      await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slower });
    const workbench = new Workbench(page);
    await page.goto(workbenchUrl(port, { folder, workspace, extension }), { timeout: 60_000 });
    await workbench.ready();
    return workbench;
  }

  async ready() {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /** By the command, as a person does it: the workbench then saves its state first, which a browser's reload may cut off. */
  async reload() {
    // An editor in a dialog of its own keeps the palette from opening.
    await this.page.keyboard.press('Escape');
    await Promise.all([
      this.page.waitForEvent('load', { timeout: 60_000 }),
      this.command('Developer: Reload Window'),
    ]);
    await this.ready();
  }

  /** A view container's icon; one of an extension appears when its contributions have arrived. */
  container(name) {
    return this.page.locator(`.activitybar .action-label[aria-label^="${name}"]`).first();
  }

  /** Opens a view container by the name in the activity bar. */
  async openContainer(name) {
    const label = this.container(name);
    await label.waitFor({ timeout: 60_000 });
    const title = this.page.locator('.sidebar .composite.title', { hasText: name });
    // While the window is still starting, the container may be about to open by itself, and a click would close it.
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await appears(title, 'visible', 1_500)) return;
      await label.click();
    }
    await title.waitFor();
  }

  /** F1, the title, Enter on the row that shows it. */
  async command(title) {
    await this.#inPalette(title, () =>
      this.page
        .locator('.quick-input-list .monaco-list-row.focused', { hasText: title })
        .first()
        .waitFor({ timeout: PALETTE_MS }),
    );
    await this.page.keyboard.press('Enter');
  }

  /** Titles of the commands that the palette offers for some text. */
  async paletteRows(text) {
    const rows = await this.#inPalette(text, async () => {
      await this.page.waitForTimeout(600);
      return this.page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
    });
    await this.page.keyboard.press('Escape');
    return rows.map((row) => row.split('\n')[0]?.trim() ?? '');
  }

  /**
   * Opens the palette, types, and looks. The palette closes when something else takes the focus, as the workbench does
   * when a notification comes or goes or a file's editor opens: then it is opened again.
   */
  async #inPalette(text, look) {
    const input = this.page.locator('.quick-input-widget:visible input').first();
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.keyboard.press('F1');
        await input.waitFor({ timeout: PALETTE_MS });
        await input.pressSequentially(text, { timeout: PALETTE_MS });
        return await look();
      } catch (error) {
        if (attempt === PALETTE_ATTEMPTS) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /**
   * Right click and a choice. While the window is still starting, a menu may open before the extension's own entries
   * have arrived, or before the workspace is known to be trusted, which they are disabled until: then it is opened
   * again. It ignores the mouse for its first moments, so the click is repeated too.
   */
  async contextMenu(target, label, { beforeClick } = {}) {
    const item = this.page.locator(`.monaco-menu ${ENABLED_ENTRY}`, { hasText: label }).first();
    await this.#openMenuWith(target, item);
    await beforeClick?.();
    for (let attempt = 0; attempt < 6; attempt++) {
      await this.page.waitForTimeout(MENU_DELAY_MS);
      await item.click();
      if (await appears(item, 'hidden', 2_000)) return;
    }
    throw new Error(`the menu stayed open on ${label}`);
  }

  /** The same for an entry of a submenu. */
  async submenu(target, menu, label, { beforeClick } = {}) {
    const item = this.page.locator(`.monaco-menu ${ENABLED_ENTRY}`, { hasText: menu }).last();
    const entry = this.page.locator(`.monaco-submenu ${ENABLED_ENTRY}`, { hasText: label }).first();
    await this.#openMenuWith(target, item);
    for (let attempt = 0; attempt < 6; attempt++) {
      await this.page.waitForTimeout(MENU_DELAY_MS);
      await item.hover();
      if (await appears(entry, 'visible', 2_000)) break;
    }
    await beforeClick?.();
    for (let attempt = 0; attempt < 6; attempt++) {
      await entry.click();
      if (await appears(entry, 'hidden', 2_000)) return;
    }
    throw new Error(`the menu stayed open on ${label}`);
  }

  async #openMenuWith(target, item) {
    for (let attempt = 0; attempt < MENU_ATTEMPTS; attempt++) {
      await target.click({ button: 'right' });
      if (await appears(item, 'visible', 3_000)) return;
      await this.page.keyboard.press('Escape');
    }
    await item.waitFor();
  }

  async contextMenuLabels(target) {
    await target.click({ button: 'right' });
    await this.page.locator('.monaco-menu .action-item').first().waitFor();
    await this.page.waitForTimeout(MENU_DELAY_MS);
    const labels = await this.page.locator('.monaco-menu .action-item').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return labels.map((label) => label.trim()).filter((label) => label !== '');
  }

  /** A file in the explorer. */
  file(name) {
    return this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  }

  /** A row of the visible tree in the side bar. */
  row(text) {
    return this.page.locator('.sidebar .pane-body .monaco-list-row', { hasText: text }).first();
  }

  rows() {
    return this.page.locator('.sidebar .pane-body .monaco-list-row');
  }

  notification(text) {
    return this.page.locator('.notification-toast', { hasText: text }).first();
  }

  quickPick() {
    return this.page.locator('.quick-input-widget:visible').first();
  }

  /** Answers an input box, known by a text in it: the widget may still show the list or palette that came before. */
  async answer(shown, text) {
    const box = this.page.locator('.quick-input-widget:visible', { hasText: shown }).first();
    await box.locator('input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  quickRow(text) {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  statusBar(text) {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  /** The document inside the visible webview. */
  webview() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  screenshot(file) {
    return this.page.screenshot({ path: file, animations: 'disabled' });
  }
}
