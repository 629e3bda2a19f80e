import type { Page } from 'playwright-core';
import { axeViolations, changeTheme } from './panel-browser.ts';
import { THEMES } from './themes.ts';

/** What axe finds on a page that is light: every rule in this theme; in the others those of colours, which are all that a theme changes. */
export async function violationsInEveryTheme(page: Page): Promise<string[]> {
  const found = await axeViolations(page);
  for (const [name, theme] of Object.entries(THEMES).slice(1)) {
    await changeTheme(page, theme);
    const colours = await axeViolations(page, ['color-contrast']);
    found.push(...colours.map((violation) => `${name}: ${violation}`));
  }
  await changeTheme(page, THEMES.light);
  return found;
}
