/** What can be done with endpoints that this workspace has made. */
import { EXIT, messageOf, UserError } from '../../../protocol/user-error.ts';
import { journalFolders, type DeploymentFolder } from '../deployment-folder.ts';
import { componentIn, isOver, placeOf, type Ledger } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import { askUpdate, endpointStatus, settledEndpoint } from './endpoint-status.ts';
import { notInService } from './endpoint-pieces.ts';
import { adaptClock } from './clock.ts';
import { adaptComponentTo } from './component.ts';
import { adaptFrontTo } from './front.ts';
import { removePieces, type Removal } from './remove-pieces.ts';
import { settle } from './settle.ts';
import type { Waiting } from './wait-settled.ts';

/** @throws UserError where the workspace has none of this name */
export function requireEndpoint(storeFolder: string, name: string): DeploymentFolder {
  const all = journalFolders(storeFolder);
  const found = all.find(({ endpoint }) => endpoint === name);
  if (found !== undefined) return found;
  const names = all.map(({ endpoint }) => endpoint).join(', ');
  throw new UserError(
    `This workspace has no endpoint '${name}' at AWS.`,
    names === '' ? 'Make one: recsys deploy <run>' : `It has: ${names}.`,
    { exitCode: EXIT.notFound },
  );
}

/** The same credentials where the endpoint is. @throws UserError where they are of another account */
export async function awsOf(aws: Aws, folder: DeploymentFolder): Promise<Aws> {
  const place = placeOf(folder.ledger());
  if (place === undefined) return aws;
  const { account } = await aws.caller();
  if (account === place.account) return aws.in(place.region);
  throw new UserError(
    `What was made for the ${folder.text} is in account ${place.account}, and the credentials are of ${account}.`,
    'Name a profile of that account with --profile.',
  );
}

/** Takes an endpoint away, with all that was made for it. */
export async function deleteEndpoint(
  aws: Aws,
  folder: DeploymentFolder,
  signal: AbortSignal,
  onWait: (status: string) => void,
): Promise<Removal> {
  return folder.alone(async () => {
    const there = await awsOf(aws, folder);
    const removal = await settle(folder, { aws: there, all: true, signal, onWait });
    if (folder.ledger().pieces.size === 0) await folder.remove();
    return removal;
  });
}

/** Takes its REST front away; the endpoint stays. @throws UserError where it has none */
export async function deleteFront(
  aws: Aws,
  folder: DeploymentFolder,
  signal: AbortSignal,
  onWait: (status: string) => void,
): Promise<Removal> {
  const { journal, endpoint } = folder;
  return folder.alone(async () => {
    const fronts = [...folder.ledger().pieces.values()].filter(({ piece }) => piece.kind === 'stack');
    if (fronts.length === 0)
      throw new UserError(
        `The endpoint ${endpoint} has no REST front.`,
        `Deploy with --rest to have one: recsys deploy <run> --name ${endpoint} --rest`,
        { exitCode: EXIT.notFound, inWindow: 'A deployment to it asks whether it is to have one.' },
      );
    return removePieces({ aws: await awsOf(aws, folder), journal, signal, onWait }, fronts);
  });
}

/** Gives an endpoint its earlier configuration back; what it has now can be gone back to in turn. */
export async function rollBack(
  aws: Aws,
  folder: DeploymentFolder,
  signal: AbortSignal,
  onWait: (status: string) => void,
): Promise<string> {
  const { endpoint, journal } = folder;
  return folder.alone(async () => {
    const there = await awsOf(aws, folder);
    await settle(folder, { aws: there, signal, onWait });
    const { previous } = folder.ledger();
    if (previous === undefined)
      throw new UserError(
        `The endpoint ${endpoint} has no earlier model to go back to.`,
        `Deploy an earlier run to it: recsys deploy <run> --name ${endpoint}`,
      );
    await journal.append({ type: 'update', id: previous.id, config: previous.config });
    const waiting = { signal, onStatus: onWait };
    try {
      await goBackTo(there, folder, previous, waiting);
    } catch (error) {
      await settle(folder, { aws: there, onWait });
      throw error;
    }
    await journal.append({ type: 'live', id: previous.id, config: previous.config });
    const place = { endpoint, journal, ledger: folder.ledger() };
    await adaptFrontTo(there, place, previous.id, waiting);
    await adaptClock(there, place, waiting, true);
    return previous.id;
  });
}

/** By its configuration or, where the endpoint has a component, by that one's model. */
async function goBackTo(
  aws: Aws,
  folder: DeploymentFolder,
  previous: NonNullable<Ledger['previous']>,
  waiting: Waiting,
): Promise<void> {
  const { endpoint, journal } = folder;
  const ledger = folder.ledger();
  if (componentIn(ledger) !== undefined)
    return adaptComponentTo(aws, { endpoint, journal, ledger }, previous, waiting);
  await aws.try(`updating the endpoint ${endpoint}`, () => askUpdate(aws, endpoint, previous.config));
  const settled = await settledEndpoint(aws, endpoint, waiting);
  if (settled?.status !== 'InService' || settled.config !== previous.config)
    throw notInService(endpoint, settled);
}

export interface Swept {
  readonly endpoint: string;
  readonly removal?: Removal;
  /** Why nothing was looked at. */
  readonly skipped?: string;
}

/** Whether nobody needs what a journal has: a process was lost, or its time is over. Predictions need nothing when they ended. */
export function isLeft(ledger: Ledger, { made }: DeploymentFolder): boolean {
  return made === 'predictions' || ledger.unfinished !== undefined || isOver(ledger);
}

/**
 * Clears away what lost processes left, and endpoints whose time is over.
 * @param due which are looked at; default: all
 */
export async function sweep(
  aws: Aws,
  storeFolder: string,
  signal: AbortSignal,
  due: (ledger: Ledger, folder: DeploymentFolder) => boolean = () => true,
): Promise<Swept[]> {
  const swept: Swept[] = [];
  for (const folder of journalFolders(storeFolder)) {
    const { endpoint } = folder;
    const ledger = folder.ledger();
    if (ledger.pieces.size === 0 || !due(ledger, folder)) continue;
    if (folder.isHeld) {
      swept.push({ endpoint, skipped: 'another process is at work on it' });
      continue;
    }
    try {
      const removal = await folder.alone(async () => {
        const all = isOver(folder.ledger());
        const settled = await settle(folder, { aws: await awsOf(aws, folder), signal, all });
        await folder.forgetEmpty();
        return settled;
      });
      swept.push({ endpoint, removal });
    } catch (error) {
      swept.push({ endpoint, skipped: messageOf(error) });
    }
  }
  return swept;
}

/** How AWS says that an endpoint is: `InService`, `gone`, or why it does not say. */
export async function statusText(aws: Aws, folder: DeploymentFolder): Promise<string> {
  try {
    const there = await awsOf(aws, folder);
    const status = await there.try('asking for its status', () => endpointStatus(there, folder.endpoint));
    return status === undefined ? 'gone' : status.status;
  } catch (error) {
    return `not known: ${messageOf(error)}`;
  }
}
