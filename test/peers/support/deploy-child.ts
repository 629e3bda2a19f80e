/**
 * A process that deploys, to be killed: its words are a store, a package, a role, the bytes of a part, 0 for none, and what
 * there is to be besides: `iam`, a REST front; `zero`, instances that scale to zero; hours of life, with a clock that ends it.
 */
import { deploy } from '../../../src/pipeline/deploy/aws/deploy.ts';
import { openAtMoto } from './at-moto.ts';
import { fakeArchive } from './fake-archive.ts';

const [, , storeFolder = '', packageFolder = '', role = '', partBytes = '', more] = process.argv;
const part = Number(partBytes);
const archiveBytes = part === 0 ? 300_000 : 2 * part + 1000;
const aws = await openAtMoto();
await deploy(
  aws,
  {
    ...{ storeFolder, packageFolder, role, endpoint: 'shop', prepareArchive: fakeArchive(archiveBytes) },
    source: { run: '20261130-010203004-abcd', model: 'markov', kind: 'markov' },
    capacity: {
      ...{ memory: undefined, concurrency: undefined, mostInstances: undefined },
      ...{ instance: more === 'zero' ? 'ml.m5.large' : undefined, toZero: more === 'zero' },
    },
    ...(part === 0 ? {} : { partBytes: part }),
    ...(more === 'iam' ? { front: { access: more } } : {}),
    ...(more === undefined || more === 'iam' || more === 'zero'
      ? {}
      : { timeToLive: Number(more) * 3_600_000 }),
  },
  {
    confirm: () => Promise.resolve(true),
    onEvent: () => undefined,
    signal: new AbortController().signal,
  },
);
