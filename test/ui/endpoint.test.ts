/** *Try It*: what a person asks an endpoint and sees of its answer; hostile names stay text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointPanel, EndpointQuery } from '../../src/protocol/panels/endpoint.ts';
import { answerOf, bodyOf } from '../../src/extension/endpoints/endpoint-behaviour.ts';
import { violationsInEveryTheme } from './every-theme.ts';
import { axeViolations, PanelBrowser } from './panel-browser.ts';
import { THEMES } from './themes.ts';
import { buildView } from './view-bundle.ts';

const HOSTILE = '<img src=x onerror="document.title=1">|||\u202eevil';
let browser: PanelBrowser;
beforeAll(async () => {
  browser = await PanelBrowser.launch();
});
afterAll(() => browser.close());

const answer = (query: EndpointQuery) =>
  answerOf(bodyOf(query), {
    ...{ status: 200, milliseconds: 1.234, version: '2' },
    body: JSON.stringify({
      predictions: [
        { scores: [0.9, 0.4, 0], items: [HOSTILE, 'b', ''], answered_by: 'model', known_items: 1 },
      ],
    }),
  });

describe('Try It', () => {
  it.each([210, 1200])('sends, shows and can be used by everyone at %i px', async (width) => {
    const asked: EndpointQuery[] = [];
    const { page, host, problems } = await browser.openPanel(
      {
        ...{ view: await buildView('endpoint'), contract: endpointPanel, theme: THEMES.light },
        key: { store: '/s', id: 'i' },
        handlers: {
          search: () => ({ items: [HOSTILE] }),
          send: (params) => {
            const query = EndpointQuery.parse(params);
            asked.push(query);
            return answer(query);
          },
          copy: () => null,
        },
      },
      { viewport: { width, height: 800 } },
    );
    host.send('endpoint', { where: 'local', url: 'http://127.0.0.1:1', name: 'm', model: HOSTILE, maxK: 50 });
    await page.locator('#endpoint-signature').selectOption('recommend');
    await page.locator('#endpoint-items').fill(`a\n${HOSTILE}`);
    await page.locator('#endpoint-send').click();
    await page.locator('#endpoint-answer').waitFor();
    expect(asked).toEqual([{ items: ['a', HOSTILE], list: true, k: 10, excludeQuery: true }]);
    expect(await page.locator('.endpoint-list li').count()).toBe(2);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('#endpoint-answer').innerText()).toContain('Status 200 in 1.2 ms, version 2');
    // Colours are the same however wide a page is.
    const violations = width === 210 ? violationsInEveryTheme : axeViolations;
    expect(await violations(page)).toEqual([]);
    host.send('failed', { message: 'The request failed.', hint: 'Try again.' });
    await page.locator('[role=alert]', { hasText: 'Try again.' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
  });
});
