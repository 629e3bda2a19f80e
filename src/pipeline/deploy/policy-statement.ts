/** A statement of a policy that allows something, and the places that policies are about. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyPlaces {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly endpoint: string;
  readonly role: string;
}

export interface DeployPlaces extends PolicyPlaces {
  /** Whether there is to be a REST front. */
  readonly front: boolean;
  /** Whether a clock is to take the endpoint away. */
  readonly clock: boolean;
  /** Whether its instances scale to zero. */
  readonly toZero: boolean;
}

export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: string | readonly string[],
): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
