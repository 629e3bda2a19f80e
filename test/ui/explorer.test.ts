import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explorerPanel } from '../../src/protocol/panels/explorer.ts';
import { explorerAnswers, explorerRuns, nameOf } from '../fixtures/synthetic-explorer.ts';
import { PanelBrowser, until } from './panel-browser.ts';
import type { OpenPanel } from './panel-browser.ts';
import { buildView } from './view-bundle.ts';
import type { BuiltView } from './view-bundle.ts';

let browser: PanelBrowser;
let view: BuiltView;
beforeAll(async () => {
  [browser, view] = await Promise.all([PanelBrowser.launch(), buildView('explorer')]);
});
afterAll(async () => browser.close());

async function open(handlers: object = {}): Promise<OpenPanel> {
  const panel = await browser.openPanel({
    ...{ view, contract: explorerPanel, key: '/store' },
    handlers: { ...explorerAnswers, ...handlers },
  });
  panel.host.send('runs', explorerRuns);
  await panel.page.getByRole('combobox', { name: 'Find an item' }).waitFor();
  return panel;
}

const title = (page: Page): Promise<string> => page.locator('.item-title .title-column').innerText();
const shows = (page: Page, text: string): Promise<void> =>
  page.locator('.item-title', { hasText: text }).waitFor();
const state = (page: Page): Promise<{ list: string[]; trail: string[] }> =>
  page.evaluate(`JSON.parse(sessionStorage.getItem('state')).state`);

async function search(page: Page, text: string, name = 'Find an item'): Promise<void> {
  await page.getByRole('combobox', { name }).fill(text);
  await page.locator('.found [role=option]').first().waitFor();
}

describe('walking through items', () => {
  it('searches by keyboard, walks by clicks, goes back and forward by keys, and keeps it over a reload', async () => {
    const { page, problems, readied } = await open();
    await search(page, 'roygbiv');
    await page.keyboard.press('Enter');
    await shows(page, 'Roygbiv');
    await page.locator('#neighbours-0-title').waitFor();
    await page.locator('.row .walk').nth(5).click();
    await shows(page, '戦場');
    const items = page.locator('.rows .walk');
    await items.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await until(async () => (await state(page)).trail.length === 3);
    await page.keyboard.press('Alt+ArrowLeft');
    await page.keyboard.press('Alt+ArrowLeft');
    await shows(page, 'Roygbiv');
    await page.keyboard.press('Alt+ArrowRight');
    await shows(page, '戦場');
    await page.reload();
    await until(() => readied() === 2);
    await shows(page, '戦場');
    expect(await page.locator('.trail button').count()).toBe(3);
    expect(problems).toEqual([]);
  });

  it('is where it was after a reload, when slow answers are there', async () => {
    const slowly = { isSlow: false };
    const late = <P, R>(answer: (params: P) => R) => {
      return async (params: P): Promise<R> => {
        if (slowly.isSlow) await new Promise((resolve) => setTimeout(resolve, 300));
        return answer(params);
      };
    };
    const { list, sequences } = explorerAnswers;
    const { page, host, readied } = await open({ list: late(list), sequences: late(sequences) });
    host.send('show', { item: nameOf(1) });
    await page.locator('.row').first().waitFor();
    const scrolled = (): Promise<number> => page.evaluate('Math.round(scrollY)');
    await page.evaluate('scrollTo(0, 400)');
    const kept = (): Promise<number> =>
      page.evaluate(`JSON.parse(sessionStorage.getItem('state')).state.scroll`);
    await until(async () => (await kept()) === 400);
    slowly.isSlow = true;
    await page.reload();
    await until(() => readied() === 2);
    host.send('runs', explorerRuns);
    await page.locator('.item-title').waitFor();
    expect(await kept()).toBe(400);
    await until(async () => (await scrolled()) === 400);
    expect(await page.locator('.row').count()).toBeGreaterThan(0);
  });

  it('takes the first that is found where Enter came before the answer, and no more once one types on', async () => {
    let answer = (): void => undefined;
    const held = async (params: Parameters<typeof explorerAnswers.search>[0]): Promise<unknown> => {
      await new Promise<void>((resolve) => (answer = resolve));
      answer = () => undefined;
      return explorerAnswers.search(params);
    };
    let asked = 0;
    const { page } = await open({
      search: (params: Parameters<typeof explorerAnswers.search>[0]) => {
        asked++;
        return held(params);
      },
    });
    const field = page.getByRole('combobox', { name: 'Find an item' });
    await field.fill('roygbi');
    await until(() => asked === 1);
    await field.press('Enter');
    await field.press('v');
    await until(() => asked === 2);
    answer();
    await page.locator('.found [role=option]').first().waitFor();
    expect(await page.locator('.item-title').count()).toBe(0);
    await field.fill('xtal');
    await until(() => asked === 3);
    await field.press('Enter');
    answer();
    await shows(page, 'Xtal');
    // In a field these keys are the field's own.
    await page.locator('.row .walk').first().click();
    await until(async () => (await state(page)).trail.length === 2);
    await field.press('Alt+ArrowLeft');
    await page.locator('.row .walk').first().focus();
    expect(await title(page)).not.toBe('Xtal');
    await page.keyboard.press('Alt+ArrowLeft');
    await shows(page, 'Xtal');
  });

  it('gives up what nobody waits for, and shows the answer to the last question only', async () => {
    const signals: AbortSignal[] = [];
    const item = (params: { item: string }, signal: AbortSignal): unknown => {
      signals.push(signal);
      return params.item.includes('Xtal')
        ? new Promise(() => undefined)
        : explorerAnswers.item({ item: params.item });
    };
    const { page, host } = await open({ item });
    host.send('show', { item: nameOf(0) });
    await until(() => signals.length === 1);
    host.send('show', { item: nameOf(1) });
    await page.locator('.tile').first().waitFor();
    expect(signals[0]?.aborted).toBe(true);
    expect(await title(page)).toBe('Roygbiv');
  });

  it('says what fails, and asks again', async () => {
    let fails = true;
    const list = (params: Parameters<typeof explorerAnswers.list>[0]): unknown => {
      if (fails) throw new Error('The model is damaged.');
      return explorerAnswers.list(params);
    };
    const { page, host } = await open({ list });
    host.send('show', { item: nameOf(1) });
    await page.locator('[role=alert]', { hasText: 'The model is damaged.' }).waitFor();
    fails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.row').first().waitFor();
    expect(await page.locator('[role=alert]').count()).toBe(0);
  });

  it.each(['models', 'sequences', 'why'] as const)('%s can be asked again too', async (method) => {
    let fails = true;
    const answer = (params: never): unknown => {
      if (fails) throw new Error('Not now.');
      return explorerAnswers[method](params);
    };
    const { page, host } = await open({ [method]: answer });
    host.send('show', method === 'why' ? { items: [nameOf(0), nameOf(1)] } : { item: nameOf(1) });
    if (method === 'why') await page.getByRole('button', { name: /^Why/ }).first().click();
    await page.locator('[role=alert]', { hasText: 'Not now.' }).waitFor();
    fails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[role=alert]').waitFor({ state: 'detached' });
  });

  it('shows hostile names as text', async () => {
    const { page, host } = await open();
    host.send('show', { item: nameOf(2) });
    await page.locator('.row').first().waitFor();
    expect(await page.locator('.view img, .view script').count()).toBe(0);
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(await page.locator('.item-title').innerText()).toContain('<script>');
  });
});

describe('a list in the making', () => {
  const listOf = async (page: Page): Promise<string[]> =>
    (await state(page)).list.map((item) => item.split('|||')[1] ?? '');

  it('is pinned, reordered by keys and by dragging, and asked for at once', async () => {
    const asked: string[][] = [];
    const list = (params: Parameters<typeof explorerAnswers.list>[0]): unknown => {
      if (params.question.kind === 'recommend') asked.push(params.question.items);
      return explorerAnswers.list(params);
    };
    const { page, problems } = await open({ list });
    await page.getByRole('tab', { name: 'Your list' }).click();
    for (const text of ['xtal', 'roygbiv', 'Track 9']) {
      await search(page, text, 'Add an item…');
      await page.keyboard.press('Enter');
    }
    expect(await listOf(page)).toEqual(['Xtal', 'Roygbiv', 'Track 9']);
    await page.locator('.editor .walk').nth(2).focus();
    await page.keyboard.press('Alt+ArrowUp');
    expect(await listOf(page)).toEqual(['Xtal', 'Track 9', 'Roygbiv']);
    await page.getByRole('button', { name: /^Move .*Xtal.* down$/ }).click();
    expect(await listOf(page)).toEqual(['Track 9', 'Xtal', 'Roygbiv']);
    await page.locator('.editor-row').nth(2).dragTo(page.locator('.editor-row').nth(0));
    expect(await listOf(page)).toEqual(['Roygbiv', 'Track 9', 'Xtal']);
    await page.getByRole('button', { name: /^Remove .*Track 9/ }).click();
    await until(() => asked.at(-1)?.length === 2);
    expect(asked.at(-1)?.map((item) => item.split('|||')[1])).toEqual(['Roygbiv', 'Xtal']);
    const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent');
    expect(await focused()).toContain('Xtal');
    await page.getByRole('button', { name: /^Remove .*Xtal/ }).click();
    expect(await focused()).toContain('Roygbiv');
    await page.locator('[role=status]', { hasText: 'Xtal is off your list' }).waitFor();
    await page.getByRole('button', { name: /^Remove/ }).click();
    expect(await page.evaluate('document.activeElement.id')).toBe('add');
    expect(problems).toEqual([]);
  });

  it('says why an item is there, and leaves groups and frequencies out', async () => {
    const filters: unknown[] = [];
    const list = (params: Parameters<typeof explorerAnswers.list>[0]): unknown => {
      filters.push(params.filter);
      return explorerAnswers.list(params);
    };
    const { page, host } = await open({ list });
    host.send('show', { items: [nameOf(0), nameOf(1), nameOf(9)] });
    await page.getByRole('button', { name: /^Why/ }).nth(4).click();
    const reasons = page.locator('.reasons');
    await reasons.locator('li', { hasText: 'Without Aphex Twin · Xtal' }).waitFor();
    expect(await reasons.innerText()).toContain('follows the last item 31 times');
    expect(await reasons.innerText()).toContain('falls from 3 to 41');
    await reasons.getByRole('button', { name: /Leave out/ }).click();
    const left = { item: nameOf(5), group: nameOf(5).split('|||')[0] };
    await page.getByLabel('Training rows from').fill('5');
    await page.getByLabel('Fold versions').check();
    await until(
      () => JSON.stringify(filters.at(-1)) === JSON.stringify({ exclude: [left], minRows: 5, fold: true }),
    );
    await page.locator('.chip').click();
    expect(await page.evaluate('document.activeElement.id')).toBe('list-min');
    await until(
      () => JSON.stringify(filters.at(-1)) === JSON.stringify({ exclude: [], minRows: 5, fold: true }),
    );
  });
});

describe('two models side by side', () => {
  it('shows what they share, what each has alone, and where it stands in the other', async () => {
    const { page, host } = await open();
    host.send('show', { item: nameOf(1) });
    await page.getByRole('button', { name: 'Compare with a model…' }).click();
    await page.locator('.ranked-list').nth(1).waitFor();
    await page.getByLabel('Model beside').selectOption('markov');
    await page.locator('#neighbours-1-title', { hasText: 'markov' }).waitFor();
    expect(await page.locator('.shared').innerText()).toBe('13 of 20 are in both lists');
    expect(await page.locator('.other', { hasText: '▲ 4' }).count()).toBeGreaterThan(0);
    expect(await page.locator('.is-alone').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Stop comparing' }).click();
    await page.locator('#neighbours-1-title').waitFor({ state: 'detached' });
  });

  it('says nothing of how lists agree where one is not there', async () => {
    const list = (params: Parameters<typeof explorerAnswers.list>[0]): unknown => {
      const { lists, depth } = explorerAnswers.list(params);
      const failure = { message: 'Run x is gone.', hint: 'Choose another.' };
      const [first, second] = lists;
      if (second === undefined) return { lists, depth };
      return { lists: [first, { ...second, run: '', model: '', items: [], failure }], depth };
    };
    const { page, host } = await open({ list });
    host.send('show', { item: nameOf(1) });
    await page.getByRole('button', { name: 'Compare with a model…' }).click();
    await page.locator('[role=alert]', { hasText: 'Run x is gone.' }).waitFor();
    expect(await page.locator('.row').count()).toBe(20);
    expect(await page.locator('.is-alone, .other, .shared').count()).toBe(0);
  });

  it('asks the model of each list why an item is in it', async () => {
    const asked: unknown[] = [];
    const why = (params: Parameters<typeof explorerAnswers.why>[0]): unknown => {
      asked.push(params.model);
      return explorerAnswers.why(params);
    };
    const { page, host } = await open({ why });
    host.send('show', { items: [nameOf(0), nameOf(9)] });
    await page.getByRole('button', { name: 'Compare with a model…' }).click();
    await page.locator('.ranked-list').nth(1).waitFor();
    await page.getByLabel('Model beside').selectOption('popularity');
    await page.locator('#recommended-1-title', { hasText: 'popularity' }).waitFor();
    await page.locator('.ranked-list').nth(1).getByRole('button', { name: /^Why/ }).first().click();
    await until(() => asked.length === 1);
    expect(asked).toEqual(['popularity']);
    expect(await page.locator('.reasons').count()).toBe(1);
    await page.locator('.ranked-list').nth(0).getByRole('button', { name: /^Why/ }).first().click();
    await until(() => asked.length === 2);
    expect(asked[1]).toBeUndefined();
  });

  it('shows twenty queries of the test part, and opens one as the list', async () => {
    const reply: { slices?: unknown[] } = {};
    const asked: unknown[] = [];
    const queries = (params: Parameters<typeof explorerAnswers.queries>[0]): unknown => {
      asked.push(params);
      return { ...explorerAnswers.queries(params), ...reply };
    };
    const { page } = await open({ queries });
    await page.getByRole('tab', { name: 'Test queries' }).click();
    await page.locator('.query').nth(19).waitFor();
    expect(await page.locator('.query').count()).toBe(20);
    await page
      .getByRole('combobox', { name: 'Queries' })
      .selectOption({ label: 'target popularity: tail (60)' });
    await page.getByRole('radio', { name: 'Miss' }).check();
    await until(() => JSON.stringify(asked.at(-1)).includes('"outcome":"allMiss"'));
    expect(asked.at(-1)).toMatchObject({ slice: { slice: 'target popularity', group: 'tail' }, from: 0 });
    await page.getByRole('button', { name: 'Next' }).first().click();
    await until(() => JSON.stringify(asked.at(-1)).includes('"from":20'));
    const other = page.getByRole('combobox', { name: 'Model', exact: true });
    const untested = other.locator('option', { hasText: 'popularity (not tested)' });
    expect(await untested.isDisabled()).toBe(true);
    // The others may have no such queries; the choice can be undone all the same.
    reply.slices = [];
    await other.selectOption('markov');
    await until(() => JSON.stringify(asked.at(-1)).includes('markov'));
    expect(asked.at(-1)).toMatchObject({ from: 0 });
    await until(
      async () => (await page.getByRole('combobox', { name: 'Queries' }).locator('option').count()) === 2,
    );
    await page.getByRole('combobox', { name: 'Queries' }).selectOption('');
    await until(() => !JSON.stringify(asked.at(-1)).includes('tail'));
    await page.getByRole('button', { name: 'Open as your list' }).first().click();
    expect((await state(page)).list).toHaveLength(12);
    await page.getByRole('tab', { name: 'Your list (12)' }).waitFor();
  });
});

it('with no run says what to do, and asks nothing', async () => {
  const panel = await browser.openPanel({ view, contract: explorerPanel, key: '/store', handlers: {} });
  panel.host.send('runs', { runs: [] });
  await panel.page.locator('h1', { hasText: 'There is no finished run' }).waitFor();
  expect(panel.posted.filter((message) => JSON.stringify(message).includes('request'))).toEqual([]);
});
