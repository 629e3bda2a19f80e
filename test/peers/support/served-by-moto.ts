/** Moto's server behind the proxy, asked by planted credentials, with two packages to deploy and what each answers. */
import type { Aws } from '../../../src/pipeline/deploy/aws/aws-clients.ts';
import { askAsPlanted, makeRole, openAtMoto } from './at-moto.ts';
import { AwsProxy } from './aws-proxy.ts';
import { endpointOf, makePackages } from './deployable.ts';
import { startMoto } from './moto.ts';

export interface ServedByMoto {
  /** Of moto itself, past the proxy. */
  readonly url: string;
  readonly proxy: AwsProxy;
  /** For looking from outside. */
  readonly aws: Aws;
  readonly packages: readonly [string, string];
  readonly answers: readonly ((body: string) => unknown)[];
  /** Forgets all that was made, and makes a role that SageMaker may take. */
  reset(role: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param folder where the packages go; without files of AWS's */
export async function serveByMoto(folder: string): Promise<ServedByMoto> {
  const moto = await startMoto();
  const proxy = new AwsProxy(moto.url);
  askAsPlanted(await proxy.listen(), folder);
  const aws = await openAtMoto();
  const packages = await makePackages(folder);
  return {
    ...{ url: moto.url, proxy, aws, packages },
    answers: await Promise.all(packages.map(endpointOf)),
    reset: async (role) => {
      await moto.reset();
      proxy.reset();
      await makeRole(aws, role);
    },
    stop: async () => {
      proxy.close();
      await moto.stop();
    },
  };
}
