/** Removals and rollbacks, by processes that outlive this window. */
import { launchAsking } from '../processes/launch-asking.ts';
import type { Services } from '../services.ts';
import type { FollowedChange } from './followed-changes.ts';

export interface AskedChange extends Omit<FollowedChange, 'id'> {
  /** After `recsys endpoint`. */
  readonly words: readonly string[];
  readonly region: string | undefined;
}

/** Starts it, and has it followed. */
export async function changeAtAws(
  services: Services,
  { words, region, ...change }: AskedChange,
): Promise<void> {
  const { store, profile } = change;
  const { id, ended } = await launchAsking(services, store, [
    ...['endpoint', ...words],
    ...placeWords({ profile, region }),
  ]);
  services.deployments.changes.follow({ ...change, id }, ended);
}

/** Options that say by whose credentials AWS is asked, and where. */
export function placeWords({
  profile,
  region,
}: {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}): string[] {
  return [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(region === undefined ? [] : ['--region', region]),
  ];
}
