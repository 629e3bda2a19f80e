/** What tests against moto have in common: planted credentials, clients without patience, and a role that SageMaker may take. */
import * as path from 'node:path';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { UserError } from '../../../src/protocol/user-error.ts';
import { Aws } from '../../../src/pipeline/deploy/aws/aws-clients.ts';

export const REGION = 'eu-central-1';
/** Nothing that is written or said may hold these. */
export const SECRETS = {
  id: 'AKIAPLANTEDPLANTED00',
  key: 'planted/secret/key/planted+secret+key000',
  token: 'planted-session-token-1234567890',
};

type Opening = Parameters<typeof Aws.open>[0];

export function openAtMoto(more: Partial<Opening> = {}): Promise<Aws> {
  return Aws.open({
    ...{ profile: undefined, region: REGION, mfaCode: () => Promise.reject(new Error('none')) },
    patience: { requestMs: 20_000, attempts: 2, pollMs: 5, settledMs: 0 },
    ...more,
  });
}

/** What a person is told of work that fails. @throws where it succeeds, or fails in other words */
export async function toldFailure(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`no failure that a person is told: ${String(error)}`);
  return error;
}

/** Has this process ask an endpoint by the planted credentials alone. @param folder without files of AWS's */
export function askAsPlanted(url: string, folder: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: SECRETS.id,
    AWS_SECRET_ACCESS_KEY: SECRETS.key,
    AWS_SESSION_TOKEN: SECRETS.token,
    AWS_CONFIG_FILE: path.join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

export async function makeRole({ iam }: Pick<Aws, 'iam'>, RoleName: string): Promise<void> {
  const trust = { Statement: [{ Principal: { Service: 'sagemaker.amazonaws.com' }, Effect: 'Allow' }] };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
}
