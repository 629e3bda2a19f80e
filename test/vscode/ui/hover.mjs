// The mouse on items in several kinds of file; hostile names; the engine killed meanwhile.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { recsys } from '../places.mjs';
import { HOSTILE_TRACKS, writeSmallData } from './small-data.mjs';
import { until } from './until.mjs';

export const title = 'hover on items in any file';
export const trust = false;

const NAME = 'Artist 3|||Track 3-1';

/** Files, and in each a word that only the item's name holds, to point at. */
const FILES = {
  'list.md': [`Heard today:\n\n- \`${NAME}\` twice\n`, '3-1'],
  'rows.jsonl': [`{"artist": "Artist 3", "n": 1, "track": "Track 3-1"}\n`, '3-1'],
  'near.py': [`print(nearest('${NAME}', k=3))\n`, '3-1'],
  'query.sql': [`SELECT 1 FROM t WHERE artist = 'Artist 3' AND track = 'Track 3-1';\n`, '3-1'],
  'table.csv': ['n,artist,track\n1,Artist 3,Track 3-1\n', '3-1'],
  'app.log': [`2026-01-01 INFO served item=${NAME} in 3 ms\n`, 'Track'],
  'main.ts': [`export const row = { artist: 'Artist 3', track: 'Track 3-1' };\n`, '3-1'],
};

/** A notebook of one cell, as Jupyter writes it. */
const notebook = (source) => ({
  cells: [{ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: [source] }],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 2,
});

/** An extension of somebody else's, which writes items to an output channel of its own. */
export function extensions(folder) {
  const served = path.join(path.dirname(folder), 'served');
  fs.mkdirSync(served);
  const command = { command: 'served.show', title: 'Show What Was Served', category: 'Served' };
  const manifest = {
    ...{ name: 'served', publisher: 'tests', version: '1.0.0', engines: { vscode: '^1.104.0' } },
    ...{ main: './main.cjs', contributes: { commands: [command] } },
  };
  fs.writeFileSync(path.join(served, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(
    path.join(served, 'main.cjs'),
    `const vscode = require('vscode');
exports.activate = ({ subscriptions }) => {
  const channel = vscode.window.createOutputChannel('Served');
  channel.appendLine('starts');
  channel.appendLine(${JSON.stringify(`served item=${NAME} in 3 ms`)});
  subscriptions.push(channel, vscode.commands.registerCommand('served.show', () => channel.show()));
};
`,
  );
  return [served];
}

export function prepare(folder) {
  writeSmallData(folder, { playlists: 200 });
  recsys(folder, 'describe', 'small.csv', '--save');
  recsys(folder, 'run', 'small.csv', '--models', 'popularity,prod2vec', '--name', 'base');
  recsys(folder, 'refit', 'base', '--model', 'prod2vec-min-count-3');
  for (const [name, [text]] of Object.entries(FILES)) fs.writeFileSync(path.join(folder, name), text);
  fs.writeFileSync(
    path.join(folder, 'hostile.json'),
    `["Artist 0|||${HOSTILE_TRACKS[1].replaceAll('"', '\\"')}"]\n`,
  );
  fs.writeFileSync(path.join(folder, 'unknown.csv'), 'artist,track\nArtist 3,Trakc 3-1\n');
  fs.writeFileSync(path.join(folder, 'cells.ipynb'), JSON.stringify(notebook(`nearest('${NAME}')`)));
  fs.writeFileSync(path.join(folder, 'plain.md'), 'Nothing here means anything at all.\n');
}

/** The descriptions of all models of the store's runs. */
const modelFiles = (folder) =>
  fs
    .readdirSync(path.join(folder, '.recsys/runs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => path.basename(name) === 'model.json')
    .map((name) => path.join(folder, '.recsys/runs', name));

const engines = (folder) =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(' engine --store ') && line.includes(folder))
    .map((line) => Number(line.trim().split(/\s+/)[0]));

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  const tab = (name) => page.locator('.tab.active', { hasText: name });
  /** The box closes when something else takes the focus: then it is opened again. */
  const open = async (name) => {
    for (let attempt = 0; attempt < 5 && !(await tab(name).isVisible()); attempt++) {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+p');
      await page.locator('.quick-input-widget:visible input').first().fill(name);
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).first().waitFor();
      await page.keyboard.press('Enter');
      await tab(name)
        .waitFor({ timeout: 3_000 })
        .catch(() => undefined);
    }
    await tab(name).waitFor();
    await page.locator('.editor-instance .view-line').first().waitFor();
  };
  const hover = page.locator('.monaco-hover:visible', { hasText: /base|small/ });
  /** The place of a text on the screen; spans are drawn anew when the grammar arrives, so it is looked for each time. */
  const placeOf = (text, within) =>
    page.evaluate(
      ([wanted, selector]) => {
        const lines = document.querySelector(`${selector} .view-lines`);
        if (lines === null) return undefined;
        const walker = document.createTreeWalker(lines, 4);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const at = node.textContent.replaceAll('\u00a0', ' ').lastIndexOf(wanted);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + wanted.length);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }
        return undefined;
      },
      [text, within],
    );
  const point = async (text, { attempts = 8, within = '.editor-instance' } = {}) => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const place = await until(
        () => placeOf(text, within),
        (found) => found !== undefined,
      );
      await page.mouse.move(place.x, place.y + 150);
      await page.waitForTimeout(300);
      await page.mouse.move(place.x - 1, place.y);
      await page.mouse.move(place.x, place.y, { steps: 3 });
      const shown = await hover
        .first()
        .waitFor({ timeout: attempts === 1 ? 2_000 : 8_000 })
        .then(
          () => true,
          () => false,
        );
      if (shown) return hover.first().innerText();
    }
    throw new Error(`no hover on ${text}`);
  };

  await workbench.openContainer('RecSys');
  await workbench.row('small.csv').or(workbench.row('base')).first().waitFor();
  await workbench.openContainer('Explorer');
  for (const [name, [, word]] of Object.entries(FILES))
    await check(`the item is found in ${name}`, async () => {
      await open(name);
      const text = await point(word);
      assert.match(text, /Artist 3\|\|\|Track 3-1/);
      assert.match(text, /training rows/);
      assert.match(text, /prod2vec/);
      await shot(path.extname(name).slice(1));
      await page.keyboard.press('Escape');
    });

  await check('the item is found in a cell of a notebook', async () => {
    await workbench.file('cells.ipynb').dblclick();
    await page.locator('.notebook-editor .view-line', { hasText: 'nearest' }).first().waitFor();
    const text = await point('3-1', { within: '.notebook-editor' });
    assert.match(text, /Artist 3\|\|\|Track 3-1/);
    assert.match(text, /training rows/);
    await shot('notebook');
    await page.keyboard.press('Escape');
  });

  await check('the item is found in an output channel', async () => {
    await workbench.command('Served: Show What Was Served');
    await page.locator('.output-view .view-line', { hasText: 'served item' }).first().waitFor();
    const text = await point('3-1', { within: '.output-view' });
    assert.match(text, /Artist 3\|\|\|Track 3-1/);
    assert.match(text, /training rows/);
    await shot('output');
    await page.keyboard.press('Escape');
  });

  await check('a hostile name is text', async () => {
    await open('hostile.json');
    const text = await point('onerror');
    assert.ok(text.includes(HOSTILE_TRACKS[1]), text);
    assert.equal(await page.evaluate(() => globalThis.hostile), undefined);
    await shot('hostile');
  });

  await check('an unknown item in a column is told with what is near', async () => {
    await open('unknown.csv');
    const text = await point('Trakc');
    assert.match(text, /No item is called/);
    assert.match(text, /Artist 3\|\|\|Track 3-1/);
    await shot('unknown');
  });

  await check('Find in Data opens the search, with the rows of the data that hold the item', async () => {
    await open('near.py');
    await point('3-1');
    await hover.first().getByText('Find in Data').click();
    const found = page.locator('.search-view .messages', { hasText: /results? in 1 file/ });
    await found.waitFor();
    const rows = page.locator('.search-view .linematch', { hasText: 'Track 3-1' });
    await rows.first().waitFor();
    const told = await found.innerText();
    const lines = fs.readFileSync(path.join(folder, 'small.csv'), 'utf8').split('\n');
    const holding = lines.filter((line) => line.endsWith('"Track 3-1"')).length;
    assert.match(told, new RegExp(`^${holding} results`));
    await shot('find-in-data');
    // Another file, so that the hover is gone.
    await open('plain.md');
    await hover.first().waitFor({ state: 'hidden' });
  });

  await check('an engine that is killed meanwhile comes back, and the hover with it', async () => {
    await open('near.py');
    const before = engines(folder);
    assert.ok(before.length > 0, 'there is an engine');
    const asked = point('3-1');
    for (const pid of before) process.kill(pid, 'SIGKILL');
    assert.match(await asked, /training rows/);
    assert.ok(engines(folder).every((pid) => !before.includes(pid)));
  });

  await check('a model trained on everything answers where it is chosen', async () => {
    await workbench.command('RecSys: Choose Answering Model');
    for (const choice of ['base', 'everything/prod2vec-min-count-3']) {
      const row = page.locator('.quick-input-list .monaco-list-row', { hasText: choice });
      await row.first().click();
    }
    await open('near.py');
    const ofEverything = async () => (await point('3-1')).includes('everything/prod2vec-min-count-3');
    await until(ofEverything, (isShown) => isShown, 5);
    await shot('everything');
    await page.keyboard.press('Escape');
  });

  await check('nothing is shown where no item is', async () => {
    await open('plain.md');
    await assert.rejects(point('anything', { attempts: 1 }));
  });

  await check('a hover that fails says so in the status bar, which leads to a restart', async () => {
    const models = modelFiles(folder);
    const hide = (from, to) => models.forEach((file) => fs.renameSync(`${file}${from}`, `${file}${to}`));
    hide('', '.away');
    for (const pid of engines(folder)) process.kill(pid, 'SIGKILL');
    await open('near.py');
    const trouble = workbench.statusBar('RecSys: no hovers');
    // An engine that is up again is asked anew, and fails again.
    const failing = async () => {
      await assert.rejects(point('3-1', { attempts: 1 }));
      return trouble.isVisible();
    };
    await until(failing, (isShown) => isShown, 10);
    await shot('trouble');
    hide('.away', '');
    await trouble.click();
    await trouble.waitFor({ state: 'hidden' });
    assert.match(await point('3-1'), /training rows/);
  });
}
