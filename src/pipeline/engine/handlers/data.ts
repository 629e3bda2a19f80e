import type { Guess } from '../../../protocol/dataset-spec.ts';
import { textInWindow } from '../../../protocol/text/window-hint.ts';
import { previewData } from '../../data/describe/preview-data.ts';
import { saveSpec } from '../../data/recsys-file.ts';
import { inputColumns } from '../../predict/input-columns.ts';
import { RunStore } from '../../store/run-store.ts';
import type { EngineSite, Handlers } from './handler.ts';

export function dataHandlers({ store, workspace }: EngineSite): Handlers<'data'> {
  return {
    'data/preview': async ({ path }) => toldInWindow(await previewData(path, workspace)),
    'data/queries': async ({ path, run }) =>
      toldInWindow(await inputColumns(path, RunStore.open(store).resolve(run).manifest().spec, workspace)),
    'data/saveSpec': async ({ path, spec }) => ({ file: await saveSpec(path, workspace, spec) }),
  };
}

/** Reasons are sentences of the command line too. */
function toldInWindow<T extends { readonly guess: Guess }>(told: T): T {
  const all = Object.entries(told.guess.reasons);
  const reasons = Object.fromEntries(all.map(([field, text]) => [field, textInWindow(text)] as const));
  return { ...told, guess: { ...told.guess, reasons } };
}
