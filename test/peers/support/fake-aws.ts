/**
 * AWS as a window meets it: moto behind the proxy, as a process of its own. Its words are `<run>=<folder of a package>`: the
 * endpoint answers by the package of the run whose configuration it has. Prints one line, its address, and ends with its input.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { AwsProxy } from './aws-proxy.ts';
import { endpointOf } from './deployable.ts';
import { startMoto } from './moto.ts';
import { TransformJobs } from './transform-jobs.ts';

const Configuration = z.object({
  EndpointConfigName: z.string(),
  Tags: z._default(z.array(z.object({ Key: z.string(), Value: z.string() })), []),
});

const NewEndpoint = z.object({ EndpointName: z.string(), EndpointConfigName: z.string() });

const moto = await startMoto();
const proxy = new AwsProxy(moto.url);
const endpoint = await proxy.listen();
const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };
const client = new IAMClient({ endpoint: moto.url, region: 'eu-central-1', credentials });
const trust = { Statement: [{ Principal: { Service: 'sagemaker.amazonaws.com' }, Effect: 'Allow' }] };
for (const RoleName of ['endpoint', 'another'])
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));

/** What another workspace left in another region. */
async function leaveEndpoint(): Promise<void> {
  const elsewhere = new SageMakerClient({ endpoint: moto.url, region: 'us-east-1', credentials });
  const [EndpointName, ModelName, EndpointConfigName] = ['forgotten', 'recsys-forgotten', 'recsys-forgotten'];
  const Tags = [
    ['deployment', '20260101-010203004-abcd'],
    ['endpoint', EndpointName],
    ['workspace', 'another-0a1b2c3d'],
    ['owner', 'arn:aws:iam::123456789012:user/someone'],
  ].map(([key = '', Value = '']) => ({ Key: `recsys:${key}`, Value }));
  const PrimaryContainer = { Image: 'image' };
  const ExecutionRoleArn = 'arn:aws:iam::123456789012:role/endpoint';
  await elsewhere.send(new CreateModelCommand({ ModelName, PrimaryContainer, ExecutionRoleArn, Tags }));
  const ProductionVariants = [
    { VariantName: 'all', ModelName, InstanceType: 'ml.m5.large' as const, InitialInstanceCount: 2 },
  ];
  await elsewhere.send(new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants, Tags }));
  await elsewhere.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName, Tags }));
}
await leaveEndpoint();
const price = {
  product: { attributes: { usagetype: 'USE1-Host:ml.m5.large' } },
  terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: '0.115' } } } } } },
};
proxy.own.set('GetProducts', () => ({
  status: 200,
  body: JSON.stringify({ PriceList: [JSON.stringify(price)] }),
}));

const answers = new Map<string, (body: string) => unknown>();
for (const word of process.argv.slice(2)) {
  const [run = '', folder = ''] = word.split('=');
  answers.set(run, await endpointOf(folder));
}
/** Runs by the names of their configurations. */
const runs = new Map<string, string>();
let configuration = '';
proxy.own.set('CreateEndpointConfig', (body) => {
  const { EndpointConfigName, Tags } = Configuration.parse(JSON.parse(body));
  runs.set(EndpointConfigName, Tags.find(({ Key }) => Key === 'recsys:run')?.Value ?? '');
  return undefined;
});
proxy.own.set('CreateEndpoint', (body) => {
  const { EndpointName, EndpointConfigName } = NewEndpoint.parse(JSON.parse(body));
  configuration = EndpointConfigName;
  // It takes a while at AWS.
  proxy.statuses.set(EndpointName, { EndpointStatus: 'Creating' });
  setTimeout(() => proxy.statuses.delete(EndpointName), 3000);
  return undefined;
});
proxy.own.set('DeleteEndpoint', async () => {
  // Long enough for a window to be reloaded meanwhile.
  await pause(10_000);
  return undefined;
});
proxy.answer = (body) => {
  const [updated] = proxy.updates.values();
  return answers.get(runs.get(updated ?? configuration) ?? '')?.(body) ?? {};
};
const place = { endpoint: moto.url, region: 'eu-central-1', credentials, forcePathStyle: true };
const jobs = new TransformJobs(proxy, new S3Client(place));
jobs.answer = (line) => {
  const tags = [...jobs.jobs.values()].at(-1)?.asked.Tags ?? [];
  return answers.get(tags.find(({ Key }) => Key === 'recsys:run')?.Value ?? '')?.(line);
};
process.stdout.write(`${endpoint}\n`);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve));
proxy.close();
await moto.stop();
