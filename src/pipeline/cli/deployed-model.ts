import type { DeployedModel } from '../../protocol/deployment.ts';
import { packageSource, type AskedPackage } from './asked-model.ts';

/** Whose model is sent to AWS. */
export async function deployedModel(found: AskedPackage): Promise<DeployedModel> {
  const { readPackage } = await import('../model/open-model.ts');
  const { name, kind } = await readPackage(found.folder);
  return { ...packageSource(found), model: name, kind };
}
