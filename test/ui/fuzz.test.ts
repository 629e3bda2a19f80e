import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PanelContract } from '../../src/protocol/panels/contract.ts';
import { cardPanel } from '../../src/protocol/panels/card.ts';
import { endpointPanel } from '../../src/protocol/panels/endpoint.ts';
import { explorerPanel } from '../../src/protocol/panels/explorer.ts';
import { syntheticCard } from '../fixtures/synthetic-card.ts';
import { explorerAnswers, explorerRuns, nameOf } from '../fixtures/synthetic-explorer.ts';
import { mapPanel } from '../../src/protocol/panels/map.ts';
import { syntheticMap } from '../fixtures/synthetic-map.ts';
import { toyPanel } from '../fixtures/toy-panel/contract.ts';
import { PanelBrowser, sourceOf, until } from './panel-browser.ts';
import type { OpenPanel, PanelOptions } from './panel-browser.ts';
import { buildView } from './view-bundle.ts';

let browser: PanelBrowser;
beforeAll(async () => (browser = await PanelBrowser.launch()));
afterAll(async () => browser.close());

const MESSAGES = 10_000;
/** All panels read messages by the same code; what differs are their events. */
const FEWER = 3000;
const FEWEST = 1000;
const BATCH = 500;

/** Messages that look right in part, as only a faulty host would send them. */
function messages(contract: PanelContract): fc.Arbitrary<unknown> {
  const anything = fc.anything({ withBigInt: true });
  const event = fc.oneof(
    fc.constantFrom(...Object.keys(contract.events), '__proto__', 'constructor'),
    fc.string(),
  );
  // An empty text would be an event that the toy's contract allows.
  const payload = fc.oneof(anything, fc.record({ text: fc.nat(), run: anything, points: anything }));
  const id = fc.oneof(fc.integer({ min: 1000 }), fc.double(), anything);
  return fc.oneof(
    anything,
    fc.record({ type: fc.constant('event'), name: fc.oneof(event, anything), payload }),
    fc.record({ type: fc.constantFrom('reply', 'failure'), id, value: anything, message: fc.string() }),
    fc.record({ type: fc.constantFrom('ready', 'request', 'problem', 'x'), id, message: fc.nat() }),
  );
}

async function fuzz(
  { page, warnings, problems }: OpenPanel,
  contract: PanelContract,
  count = MESSAGES,
): Promise<void> {
  const sample = fc.sample(messages(contract), { numRuns: count, seed: 11 });
  for (let sent = 0; sent < count; sent += BATCH) {
    const batch = sample.slice(sent, sent + BATCH);
    await page.evaluate(`for (const message of ${sourceOf(batch)}) window.postMessage(message, '*')`);
    await until(() => warnings.length >= sent + BATCH);
  }
  // One more round trip: an error too many would have arrived before its answer.
  await page.evaluate(`window.postMessage('last', '*')`);
  await until(() => warnings.some((warning) => warning.includes('"last"')));
  expect(warnings).toHaveLength(count + 1);
  expect(problems).toEqual([]);
}

describe('thousands of messages that the extension would not send get an error each', () => {
  it('on the card, which still works', async () => {
    const panel = await browser.openCard();
    panel.host.send('card', syntheticCard());
    await panel.page.waitForSelector('#metric-table');
    await fuzz(panel, cardPanel);
    await panel.page.click('#tab-data');
    expect(await panel.page.locator('#panel-data').isVisible()).toBe(true);
    panel.host.send('failed', { message: 'still here' });
    await panel.page.locator('[role=alert]', { hasText: 'still here' }).waitFor();
  });

  it('on the explorer, which still works', async () => {
    const view = await buildView('explorer');
    const handlers = explorerAnswers as NonNullable<PanelOptions['handlers']>;
    const panel = await browser.openPanel({ view, contract: explorerPanel, key: '/store', handlers });
    panel.host.send('runs', explorerRuns);
    panel.host.send('show', { item: nameOf(1) });
    await panel.page.locator('.row').first().waitFor();
    await fuzz(panel, explorerPanel, FEWER);
    panel.host.send('show', { item: nameOf(9) });
    await panel.page.locator('.item-title', { hasText: 'Track 9' }).waitFor();
  });

  it('on the map, which still works', async () => {
    const view = await buildView('map');
    const panel = await browser.openPanel({ view, contract: mapPanel, key: { run: 'run' } });
    const { items, clusters, picture } = syntheticMap(6);
    panel.host.send('items', items);
    panel.host.send('clusters', clusters);
    panel.host.send('picture', picture);
    await panel.page.waitForSelector('#map-in-view .item-button');
    // The page asks for its picture and for other models, of which nobody here knows.
    await panel.page.locator('[role=alert]').first().waitFor();
    const { warnings } = panel;
    warnings.length = 0;
    await fuzz(panel, mapPanel, FEWER);
    await panel.page.locator('#map-in-view .item-button').first().click();
    await panel.page.waitForSelector('#map-item');
    panel.host.send('failed', { what: 'items', message: 'still here' });
    await panel.page.locator('[role=alert]', { hasText: 'still here' }).waitFor();
  });

  it('on Try It, which still works', async () => {
    const view = await buildView('endpoint');
    const answer = { request: '{}', response: 'still here', status: 200, milliseconds: 1 };
    const handlers = { search: () => ({ items: [] }), send: () => answer };
    const panel = await browser.openPanel({
      ...{ view, contract: endpointPanel, handlers, key: { store: '/s', id: 'i' } },
    });
    panel.host.send('endpoint', { where: 'local', url: 'http://x', name: 'm', model: 'markov', maxK: 50 });
    await panel.page.locator('#endpoint-send').waitFor();
    await fuzz(panel, endpointPanel, FEWEST);
    await panel.page.locator('#endpoint-signature').selectOption('recommend');
    await panel.page.locator('#endpoint-items').fill('a');
    await panel.page.locator('#endpoint-send').click();
    await panel.page.locator('#endpoint-answer', { hasText: 'still here' }).waitFor();
  });

  it('on the toy, which still works', async () => {
    const folder = fileURLToPath(new URL('../fixtures/toy-panel', import.meta.url));
    const view = await buildView('toy', folder);
    const panel = await browser.openPanel({ view, contract: toyPanel, key: 'tests' });
    await fuzz(panel, toyPanel);
    await panel.page.getByRole('button', { name: 'Click' }).click();
    expect(await panel.page.locator('#clicks').innerText()).toBe('Clicked 1 times');
    panel.host.send('note', { text: 'still here' });
    await panel.page.locator('#said', { hasText: 'still here' }).waitFor();
  });
});
