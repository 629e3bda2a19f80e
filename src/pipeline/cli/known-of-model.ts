import type { KnownOfModel } from '../exporters/savedmodel/manifest.ts';
import { flowOf } from '../flows/registry.ts';
import { ownShell } from '../own-shell.ts';
import type { AskedPackage } from './asked-model.ts';

/** What a run knows of a model beside its package: its id, and what the test part measured, where it did. */
export async function knownOfModel({ folder, run, everything }: AskedPackage): Promise<KnownOfModel> {
  if (run === undefined) return {};
  // One that was trained on all rows was never measured; its package tells what is to be expected.
  if (everything === true) return { run: run.id };
  const { readPackage } = await import('../model/open-model.ts');
  const { name } = await readPackage(folder);
  const { report } = flowOf(run.manifest().flow).views.card(run, ownShell());
  return { run: run.id, metrics: report?.metrics.test[name]?.metrics };
}
