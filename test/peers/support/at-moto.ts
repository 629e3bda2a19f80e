/** What tests against moto have in common: planted credentials, and a role that SageMaker may take. */
import * as path from 'node:path';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../../../src/pipeline/deploy/aws/aws-clients.ts';

export interface Secrets {
  readonly id: string;
  readonly key: string;
  readonly token: string;
}

/** Has this process ask an endpoint by these credentials alone. @param folder without files of AWS's */
export function askAs(url: string, { id, key, token }: Secrets, folder: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: key,
    AWS_SESSION_TOKEN: token,
    AWS_CONFIG_FILE: path.join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

export async function makeRole({ iam }: Pick<Aws, 'iam'>, RoleName: string): Promise<void> {
  const trust = { Statement: [{ Principal: { Service: 'sagemaker.amazonaws.com' }, Effect: 'Allow' }] };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
}
