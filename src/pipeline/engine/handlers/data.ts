import { previewData } from '../../data/describe/preview-data.ts';
import { saveSpec } from '../../data/recsys-file.ts';
import { inputColumns } from '../../predict/input-columns.ts';
import { RunStore } from '../../store/run-store.ts';
import type { EngineSite, Handlers } from './handler.ts';

export function dataHandlers({ store, workspace }: EngineSite): Handlers<'data'> {
  return {
    'data/preview': ({ path }) => previewData(path, workspace),
    'data/queries': ({ path, run }) =>
      inputColumns(path, RunStore.open(store).resolve(run).manifest().spec, workspace),
    'data/saveSpec': async ({ path, spec }) => ({ file: await saveSpec(path, workspace, spec) }),
  };
}
