/** A request to a live endpoint, as a client would send it. */
import { ModelError } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokeReply } from '../../../protocol/engine/endpoints.ts';
import type { DeploymentFolder } from '../deployment-folder.ts';
import { componentIn } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import { awsOf } from './endpoints.ts';
import { invokeCommand } from './invoke-command.ts';

/**
 * @returns what the container answered, be it a refusal
 * @throws UserError where it was not reached
 */
export async function invokeEndpoint(
  aws: Aws,
  folder: DeploymentFolder,
  body: string,
  signal: AbortSignal,
): Promise<InvokeReply> {
  const { endpoint } = folder;
  const there = await awsOf(aws, folder);
  const invoke = invokeCommand({ endpoint, component: componentIn(folder.ledger()) }, body);
  return there.try(`asking the endpoint ${endpoint}`, async () => {
    const began = performance.now();
    const milliseconds = (): number => performance.now() - began;
    try {
      const { Body } = await there.runtime.send(invoke, { abortSignal: signal });
      const text = Body.transformToString();
      return { status: 200, milliseconds: milliseconds(), body: text };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      // The container refused; SageMaker passes on what it said.
      const { OriginalStatusCode: status = 424, OriginalMessage: said = error.message } = error;
      return { status, milliseconds: milliseconds(), body: said };
    }
  });
}
