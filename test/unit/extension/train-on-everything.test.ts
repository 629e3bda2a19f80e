/** *Train on Everything…*, from the tree, the palette and the card. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runTokens } from '../../../src/extension/runs/run-facts.ts';
import { runDescription } from '../../../src/extension/runs/run-text.ts';
import { tooltipMarkdown } from '../../../src/extension/runs/tooltips.ts';
import { runRow } from '../../vscode/suite/sample-views.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { launches } from './fake-launch.ts';
import { host } from './vscode-stub/host.ts';
import { openWindow, run, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));
vi.mock('../../../src/extension/processes/launch-detached.ts', () => import('./fake-launch.ts'));

const STORE = '/projects/a/.recsys';
const [ONE, TWO] = ['20261121-120000000-aaaa', '20261122-120000000-bbbb'];
const FIGURES = { best: 'stack', headline: { metric: 'hitRate@10', value: 0.4321 } };

let window: OpenedWindow;
beforeEach(() => {
  host.reset();
  forgetEngines();
  launches.length = 0;
  window = openWindow('/projects/a');
});
afterEach(() => window.dispose());

async function storeHas(...runs: Parameters<typeof runRow>[0][]): Promise<void> {
  engineOf(STORE).runs = runs.map((one) => runRow(one));
  await window.stores.load();
}

describe('training on everything', () => {
  it('picks among runs that have figures, and starts when that is meant', async () => {
    await storeHas(
      { id: ONE, ...FIGURES },
      { id: TWO },
      { id: '20261123-120000000-cccc', ...FIGURES, tunes: 'Prod2vec' },
      { id: '20261124-120000000-dddd', ...FIGURES, state: 'running' },
    );
    host.answers = ['Train'];
    await run('recsys.trainOnEverything');
    const [question] = host.shown;
    expect(question).toMatchObject({ kind: 'information', choices: ['Train'] });
    expect(question?.text).toBe('Train stack of playlists.parquet on everything, for use?');
    expect(question?.detail).toMatch(/the test part too.*nothing is searched/);
    expect(question?.detail).toContain('hitRate@10 0.432');
    expect(launches[0]?.options.arguments.slice(0, 2)).toEqual(['refit', ONE]);
  });

  it('starts nothing where the user turns away', async () => {
    await storeHas({ id: ONE, ...FIGURES });
    host.answers = [undefined];
    await run('recsys.trainOnEverything', ONE);
    expect(launches).toEqual([]);
  });

  it('says so where it is done, and shows where the package is', async () => {
    await storeHas({ id: ONE, ...FIGURES, everything: ['stack'] });
    host.answers = ['Reveal Package'];
    await run('recsys.trainOnEverything', ONE);
    expect(launches).toEqual([]);
    expect(host.messages('information')).toEqual([
      'stack of playlists.parquet is trained on everything already.',
    ]);
    expect(host.executedIds()).toContain('revealFileInOS');
  });

  it('leaves it to the command to say why a run has no best model', async () => {
    await storeHas({ id: ONE });
    await run('recsys.trainOnEverything', ONE);
    expect(host.shown).toEqual([]);
    expect(launches[0]?.options.arguments.slice(0, 2)).toEqual(['refit', ONE]);
  });
});

describe('a run that was trained on everything', () => {
  const row = runRow({ ...FIGURES, everything: ['stack', 'prod2vec'] });

  it('says so in the tree', () => {
    expect(runDescription(row)).toContain('stack · on everything too');
    expect(runDescription(runRow(FIGURES))).not.toContain('everything');
    const tooltip = tooltipMarkdown({ kind: 'run', id: row.folder, run: row });
    expect(tooltip).toContain('Trained on everything');
    expect(tooltip).toContain('stack\\, prod2vec');
  });

  it('keeps its figures in the tree where more was asked of it, and cancelled', () => {
    const text = runDescription(runRow({ ...FIGURES, state: 'cancelled' }));
    expect(text).toMatch(/^cancelled · hitRate@10 .* · stack/);
  });

  it('is offered by the menu where there are figures, and of no tuning', () => {
    expect(runTokens(runRow(FIGURES))).toContain('refittable');
    expect(runTokens(runRow({ ...FIGURES, state: 'running' }))).not.toContain('refittable');
    expect(runTokens(runRow({ ...FIGURES, tunes: 'Prod2vec' }))).not.toContain('refittable');
    expect(runTokens(runRow({ next: 'evaluate' }))).not.toContain('refittable');
  });
});
