/**
 * A process that deploys, to be killed: its words are a store, a package, a role, the bytes of a part, 0 for none, and `iam`
 * where there is to be a REST front.
 */
import { deploy } from '../../../src/pipeline/deploy/aws/deploy.ts';
import { openAtMoto } from './at-moto.ts';
import { fakeArchive } from './fake-archive.ts';

const [, , storeFolder = '', packageFolder = '', role = '', partBytes = '', access] = process.argv;
const part = Number(partBytes);
const archiveBytes = part === 0 ? 300_000 : 2 * part + 1000;
const aws = await openAtMoto();
await deploy(
  aws,
  {
    ...{ storeFolder, packageFolder, role, endpoint: 'shop', writeArchive: fakeArchive(archiveBytes) },
    source: { run: '20261130-010203004-abcd', model: 'markov', kind: 'markov' },
    capacity: { memory: undefined, concurrency: undefined, instance: undefined, mostInstances: undefined },
    ...(part === 0 ? {} : { partBytes: part }),
    ...(access === 'iam' ? { front: { access } } : {}),
  },
  {
    confirm: () => Promise.resolve(true),
    onEvent: () => undefined,
    signal: new AbortController().signal,
  },
);
