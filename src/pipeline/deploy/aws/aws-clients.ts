/** The clients of AWS, all with the credentials of one profile. */
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import { PricingClient } from '@aws-sdk/client-pricing';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { explained, isSignedOut, type Doing } from './fault.ts';
import { keepSecret } from './redact.ts';

export interface AwsOptions {
  readonly profile: string | undefined;
  /** Default: what the profile or the environment says. */
  readonly region: string | undefined;
  /** Asks a person for the code of a device. */
  readonly mfaCode: (device: string) => Promise<string>;
  /**
   * Has a person sign in with a browser, where the sign-in is over: resolves when `again` has said that it is done.
   * Absent: such a profile fails.
   */
  readonly signIn?: ((again: () => Promise<boolean>) => Promise<void>) | undefined;
  /** For tests. */
  readonly patience?: Patience | undefined;
}

/** How long is waited for AWS. */
export interface Patience {
  /** For an answer. */
  readonly requestMs: number;
  readonly attempts: number;
  /** Between two looks at an endpoint that is in the making. */
  readonly pollMs: number;
  /** After this long nothing comes of a call whose answer was lost. */
  readonly settledMs: number;
}

const PATIENCE: Patience = { requestMs: 60_000, attempts: 4, pollMs: 5000, settledMs: 5 * 60_000 };

export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
}

/** A price list has no region of its own: it is asked here. */
const PRICING_REGION = 'us-east-1';

export class Aws {
  readonly region: string;
  readonly profile: string | undefined;
  readonly patience: Patience;
  readonly #options: AwsOptions;
  readonly #credentials: ReturnType<typeof fromNodeProviderChain>;

  private constructor(options: AwsOptions, region: string, credentials: Aws['credentials']) {
    this.#options = options;
    this.#credentials = credentials;
    this.region = region;
    this.profile = options.profile;
    this.patience = options.patience ?? PATIENCE;
  }

  /** @throws UserError where no region is known */
  static async open(options: AwsOptions): Promise<Aws> {
    const region = options.region ?? (await configuredRegion(options.profile));
    return new Aws(options, region, credentialsOf(options, region));
  }

  /** The same credentials in another region. */
  in(region: string): Aws {
    return region === this.region ? this : new Aws(this.#options, region, this.#credentials);
  }

  get credentials(): ReturnType<typeof fromNodeProviderChain> {
    return this.#credentials;
  }

  #of<T>(Client: new (configuration: object) => T, region = this.region): T {
    const { requestMs, attempts } = this.patience;
    const requestHandler = {
      requestTimeout: requestMs,
      connectionTimeout: Math.min(10_000, requestMs),
      throwOnRequestTimeout: true,
    };
    return new Client({ region, credentials: this.#credentials, maxAttempts: attempts, requestHandler });
  }

  #s3: S3Client | undefined;
  #sagemaker: SageMakerClient | undefined;

  get s3(): S3Client {
    return (this.#s3 ??= this.#of(S3Client));
  }
  get sagemaker(): SageMakerClient {
    return (this.#sagemaker ??= this.#of(SageMakerClient));
  }
  get runtime(): SageMakerRuntimeClient {
    return this.#of(SageMakerRuntimeClient);
  }
  get iam(): IAMClient {
    return this.#of(IAMClient);
  }
  get cloudFormation(): CloudFormationClient {
    return this.#of(CloudFormationClient);
  }
  get scaling(): ApplicationAutoScalingClient {
    return this.#of(ApplicationAutoScalingClient);
  }
  get pricing(): PricingClient {
    return this.#of(PricingClient, PRICING_REGION);
  }

  doing(what: string): Doing {
    return { what, region: this.region, profile: this.profile };
  }

  /** Does something, and says of a failure what it was about. */
  async try<T>(what: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw explained(error, this.doing(what));
    }
  }

  /** Who the credentials are of. @throws UserError where there are none, or AWS does not take them */
  async caller(): Promise<Caller> {
    const asked = 'asking who the credentials are of';
    const told = await this.try(asked, () => this.#of(STSClient).send(new GetCallerIdentityCommand({})));
    const { Account: account = '', Arn: arn = '' } = told;
    return { account, arn, partition: arn.split(':')[1] ?? 'aws' };
  }
}

/** Credentials as the profile or the environment tells them; none of them may be written anywhere. */
function credentialsOf(options: AwsOptions, region: string): ReturnType<typeof fromNodeProviderChain> {
  const chain = fromNodeProviderChain({
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    clientConfig: { region },
    mfaCodeProvider: async (device) => {
      const code = await options.mfaCode(device);
      keepSecret(code);
      return code;
    },
  });
  const signedIn: typeof chain = async (...asked) => {
    try {
      return await chain(...asked);
    } catch (error) {
      if (options.signIn === undefined || !isSignedOut(error)) throw error;
      await options.signIn(() => isSignedIn(() => chain(...asked)));
      return chain(...asked);
    }
  };
  return async (...asked) => {
    const given = await signedIn(...asked);
    for (const secret of [given.accessKeyId, given.secretAccessKey, given.sessionToken]) keepSecret(secret);
    return given;
  };
}

/** @throws what else keeps the credentials away */
async function isSignedIn(credentials: () => Promise<unknown>): Promise<boolean> {
  try {
    await credentials();
    return true;
  } catch (error) {
    if (isSignedOut(error)) return false;
    throw error;
  }
}

async function configuredRegion(profile: string | undefined): Promise<string> {
  try {
    const client = new STSClient(profile === undefined ? {} : { profile });
    return await client.config.region();
  } catch {
    throw new UserError(
      profile === undefined ? 'No AWS region is chosen.' : `The AWS profile '${profile}' names no region.`,
      'Name one: --region eu-central-1',
      { exitCode: EXIT.usage, inWindow: 'Give the profile a region: aws configure set region eu-central-1' },
    );
  }
}
