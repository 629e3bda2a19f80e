/** A sweep by all profiles that endpoints of the store were deployed by. */
import { messageOf } from '../../../protocol/user-error.ts';
import { journalFolders, type DeploymentFolder } from '../deployment-folder.ts';
import { placeOf } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import { sweep, type Swept } from './endpoints.ts';

/** Whose credentials AWS is asked by, and where. */
export interface ProfilePlace {
  /** Absent: those of the environment. */
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

export interface SweepPorts {
  readonly open: (place: ProfilePlace) => Promise<Aws>;
  readonly signal: AbortSignal;
}

/** One profile after the other; where one cannot be used, the others still are. */
export async function sweepByProfiles(storeFolder: string, { open, signal }: SweepPorts): Promise<Swept[]> {
  const left = journalFolders(storeFolder).filter((folder) => folder.ledger().pieces.size > 0);
  // Nobody wrote down by which profile predictions were made: the first one of their account takes them.
  const unclaimed = new Set(left.filter(isPredictions));
  const swept: Swept[] = [];
  for (const [profile, own] of byProfile(left)) {
    signal.throwIfAborted();
    try {
      const aws = await open({ profile, region: regionOf(own.length > 0 ? own : left) });
      const { account } = await aws.caller();
      const claimed = [...unclaimed].filter((one) => accountOf(one) === account);
      for (const one of claimed) unclaimed.delete(one);
      const due = new Set([...own, ...claimed].map(({ folder }) => folder));
      swept.push(...(await sweep(aws, storeFolder, signal, (_, { folder }) => due.has(folder))));
    } catch (error) {
      signal.throwIfAborted();
      swept.push(...own.map(({ endpoint }) => ({ endpoint, skipped: messageOf(error) })));
    }
  }
  return [...swept, ...Array.from(unclaimed, unclaimedText)];
}

/** Where there are none, the environment's credentials are tried. */
function byProfile(left: readonly DeploymentFolder[]): Map<string | undefined, DeploymentFolder[]> {
  const profiles = new Map<string | undefined, DeploymentFolder[]>();
  for (const one of left) {
    if (isPredictions(one)) continue;
    const profile = one.state()?.profile;
    profiles.set(profile, [...(profiles.get(profile) ?? []), one]);
  }
  if (profiles.size === 0 && left.length > 0) profiles.set(undefined, []);
  return profiles;
}

const isPredictions = ({ made }: DeploymentFolder): boolean => made === 'predictions';
const accountOf = (folder: DeploymentFolder): string | undefined => placeOf(folder.ledger())?.account;

function regionOf(left: readonly DeploymentFolder[]): string | undefined {
  return left.map((one) => placeOf(one.ledger())?.region).find((region) => region !== undefined);
}

function unclaimedText(folder: DeploymentFolder): Swept {
  const account = accountOf(folder) ?? 'another account';
  return {
    endpoint: folder.endpoint,
    skipped: `it is in account ${account}, which no profile is of that was asked by`,
  };
}
