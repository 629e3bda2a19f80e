import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toyPanel } from '../fixtures/toy-panel/contract.ts';
import { PanelBrowser, until } from './panel-browser.ts';
import type { OpenPanel } from './panel-browser.ts';
import { buildView } from './view-bundle.ts';
import type { BuiltView } from './view-bundle.ts';

const folder = fileURLToPath(new URL('../fixtures/toy-panel', import.meta.url));
let browser: PanelBrowser;
let view: BuiltView;
beforeAll(async () => {
  [browser, view] = await Promise.all([PanelBrowser.launch(), buildView('toy', folder)]);
});
afterAll(async () => browser.close());

const open = (handlers = {}): Promise<OpenPanel> =>
  browser.openPanel({ view, contract: toyPanel, key: 'tests', handlers });

describe('a panel of a contract and a drawing, and nothing else', () => {
  it('draws its key and its texts, and keeps its state over a reload', async () => {
    const { page, readied, problems } = await open();
    expect(await page.locator('h1').innerText()).toBe('Toy of tests');
    await page.getByRole('button', { name: 'Click' }).click();
    await page.getByRole('button', { name: 'Click' }).click();
    expect(await page.locator('#clicks').innerText()).toBe('Clicked 2 times');
    await page.reload();
    await until(() => readied() === 2);
    expect(await page.locator('#clicks').innerText()).toBe('Clicked 2 times');
    expect(problems).toEqual([]);
  });

  it('keeps its key with its state, by which the extension restores it', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Click' }).click();
    expect(await page.evaluate(`JSON.parse(sessionStorage.getItem('state'))`)).toEqual({
      version: 2,
      key: 'tests',
      state: { clicks: 1 },
    });
  });

  it('forgets a state of another version', async () => {
    const { page, readied } = await open();
    await page.evaluate(
      `sessionStorage.setItem('state', JSON.stringify({ version: 1, key: 'tests', state: { clicks: 9 } }))`,
    );
    await page.reload();
    await until(() => readied() === 2);
    expect(await page.locator('#clicks').innerText()).toBe('Clicked 0 times');
  });

  it('gets bytes as bytes, and says what they add up to', async () => {
    const received: unknown[] = [];
    const { host } = await open({ received: (params: unknown) => (received.push(params), null) });
    host.send('points', { round: 4, points: { rows: 2, values: Float32Array.from([1, 2, 3, 4.5]) } });
    await until(() => received.length === 1);
    expect(received[0]).toMatchObject({ round: 4, rows: 2, sum: 10.5 });
  });

  it('no longer waits when a person says so, and the extension is told', async () => {
    let signal: AbortSignal | undefined;
    const hang = (_: unknown, given: AbortSignal): Promise<null> => {
      signal = given;
      return new Promise(() => undefined);
    };
    const { page } = await open({ hang });
    await page.getByRole('button', { name: 'Hang' }).click();
    await until(() => signal !== undefined);
    await page.getByRole('button', { name: 'Stop' }).click();
    await until(() => signal?.aborted === true);
    expect(await page.locator('#said').innerText()).toContain('no longer waits');
  });

  it('says what cannot be drawn, and draws the next thing', async () => {
    const { page, host, warnings } = await open();
    host.send('note', { text: 'undrawable' });
    await page.locator('[role=alert]', { hasText: 'not to be drawn' }).waitFor();
    expect(warnings).toEqual([expect.stringContaining('the page cannot be drawn')]);
    host.send('note', { text: 'fine' });
    await page.locator('#said', { hasText: 'fine' }).waitFor();
    expect(await page.locator('[role=alert]').count()).toBe(0);
  });

  it('outlives an event that its view fails on', async () => {
    const { page, host, warnings } = await open();
    host.send('note', { text: 'break' });
    await until(() => warnings.length === 1);
    expect(warnings[0]).toContain('broken by a note');
    host.send('note', { text: 'whole' });
    await page.locator('#said', { hasText: 'whole' }).waitFor();
  });
});
