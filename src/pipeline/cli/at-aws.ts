import type { EndpointChange } from '../../protocol/endpoint-change.ts';
import type { Aws } from '../deploy/aws/aws-clients.ts';
import type { ProfilePlace } from '../deploy/aws/sweep-profiles.ts';
import { CHANGES } from '../deploy/change-record.ts';
import type { OwnRecord } from '../store/own-record.ts';
import { openAws, profileOf } from './aws-options.ts';
import { waiting } from './output/removal-view.ts';
import { stopSignal } from './stop-signal.ts';
import { recordOf, watched } from './watched.ts';

/**
 * Does something at AWS that can be stopped.
 * @param about what, as a clause: `deleting shop`
 */
export function atAws<T>(
  options: unknown,
  about: string,
  action: (aws: Aws, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return stoppable({ options, about, record: undefined, ended: () => ({}) }, async (open, signal) =>
    action(await open(), signal),
  );
}

/** By the credentials that the options name, or by others. */
type OpenAws = (place?: ProfilePlace) => Promise<Aws>;

interface Stoppable<T> {
  readonly options: unknown;
  readonly about: string;
  readonly record: OwnRecord<EndpointChange> | undefined;
  readonly ended: (result: T) => Partial<EndpointChange>;
}

async function stoppable<T>(
  { options, about, record, ended }: Stoppable<T>,
  action: (open: OpenAws, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = stopSignal();
  try {
    return await watched({ given: options, about, stop, record, ended }, (asker) =>
      action((place) => openAws(options, { asker, place, signal: () => stop.signal }), stop.signal),
    );
  } finally {
    stop.dispose();
  }
}

export interface ChangeAtAws<T> extends Pick<EndpointChange, 'what' | 'endpoint' | 'pieces'> {
  /** As a clause: `deleting shop`. */
  readonly about: string;
  readonly act: (open: OpenAws, ports: ChangePorts) => Promise<T>;
  /** What of it windows are told. */
  readonly ended: (result: T) => Pick<EndpointChange, 'removals' | 'deployment'>;
}

export interface ChangePorts {
  readonly signal: AbortSignal;
  readonly onWait: (status: string) => void;
}

/** Takes something away at AWS, or rolls it back: windows follow it where the options give it an id. */
export async function changeAtAws<T>(
  options: unknown,
  { about, act, ended, ...change }: ChangeAtAws<T>,
): Promise<T> {
  const profile = profileOf(options);
  const record = await recordOf(options, CHANGES, (id) => ({
    ...{ id, ...change },
    ...(profile === undefined ? {} : { profile }),
  }));
  const onWait = (status: string): void => {
    waiting(status);
    record?.glimpse({ status });
  };
  return stoppable({ options, about, record, ended }, (open, signal) => act(open, { signal, onWait }));
}
