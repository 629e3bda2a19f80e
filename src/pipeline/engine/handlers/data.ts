import { previewData } from '../../data/describe/preview-data.ts';
import { saveSpec } from '../../data/recsys-file.ts';
import type { EngineSite, Handlers } from './handler.ts';

export function dataHandlers({ workspace }: EngineSite): Handlers<'data'> {
  return {
    'data/preview': ({ path }) => previewData(path, workspace),
    'data/saveSpec': async ({ path, spec }) => ({ file: await saveSpec(path, workspace, spec) }),
  };
}
