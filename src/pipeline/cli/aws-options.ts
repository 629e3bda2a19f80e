/** Options of the commands that talk to AWS. */
import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { Aws } from '../deploy/aws/aws-clients.ts';
import { askPerson } from './ask-person.ts';
import { addStoreOption } from './store-options.ts';

const AwsOptions = z.object({ profile: z.optional(z.string()), region: z.optional(z.string()) });

export function addAwsOptions(command: Command): Command {
  command
    .option('--profile <name>', 'profile of ~/.aws (default: AWS_PROFILE, or what the environment tells)')
    .option('--region <region>', 'region (default: that of the profile)');
  return addStoreOption(command);
}

/** Clients with the credentials that the options name. The AWS SDK is loaded here, and not before. */
export async function openAws(options: unknown): Promise<Aws> {
  const { profile = process.env['AWS_PROFILE'], region } = AwsOptions.parse(options);
  const { Aws } = await import('../deploy/aws/aws-clients.ts');
  return Aws.open({
    ...{ profile: profile === '' ? undefined : profile, region },
    mfaCode: (device) =>
      askPerson(
        `Code of the device ${device}:`,
        'Run this in a terminal, or use a profile without such a device.',
      ),
  });
}
