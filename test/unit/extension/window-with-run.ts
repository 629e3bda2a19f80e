import { runRow } from '../../vscode/suite/sample-views.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { openWindow, type OpenedWindow } from './window.ts';

export const RUN_STORE = '/projects/a/.recsys';

/** A new window on a folder whose one run has item vectors. */
export async function windowWithRun(): Promise<OpenedWindow> {
  host.reset();
  forgetEngines();
  const window = openWindow('/projects/a');
  engineOf(RUN_STORE).runs = [runRow({ bestEmbedding: 'prod2vec' })];
  await window.stores.load();
  return window;
}
