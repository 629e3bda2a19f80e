/** Options of the commands that talk to AWS. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod/mini';
import { isMomentId, newRunId } from '../../protocol/run-id.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { AskByFile, type Asking } from '../deploy/asking/ask-by-file.ts';
import type { Aws } from '../deploy/aws/aws-clients.ts';
import type { ProfilePlace } from '../deploy/aws/sweep-profiles.ts';
import { askPerson } from './ask-person.ts';
import { addStoreOption, openStoreOf } from './store-options.ts';

const AwsOptions = z.object({
  profile: z.optional(z.string()),
  region: z.optional(z.string()),
  askByFile: z._default(z.boolean(), false),
  id: z.optional(z.string()),
});

export function addAwsOptions(command: Command): Command {
  return addStoreOption(addProfileOptions(command).addOption(askByFileOption()));
}

export function addProfileOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'profile of ~/.aws (default: AWS_PROFILE, or what the environment tells)')
    .option('--region <region>', 'region (default: that of the profile)');
}

/** For an editor that shows the questions and answers them. */
export function askByFileOption(): Option {
  return new Option('--ask-by-file', 'ask by files in the store, for programs').hideHelp();
}

/** For an editor that follows the process by its id; ids are those of runs, and sort as they were given. */
export function processIdOption(): Option {
  return new Option('--id <id>', 'id of the process, for programs').argParser(processId).hideHelp();
}

function processId(text: string): string {
  if (isMomentId(text)) return text;
  throw new InvalidArgumentError('It must be an id such as runs have.');
}

/** The profile that the options name, or the environment does. */
export function profileOf(options: unknown): string | undefined {
  const { profile = process.env['AWS_PROFILE'] } = AwsOptions.parse(options);
  return profile === '' ? undefined : profile;
}

/**
 * Who asks a person by files in the store, where the options say so; to be disposed.
 * @param about what is done, as a clause: `deploying shop`
 */
export function askerOf(options: unknown, about: string): AskByFile | undefined {
  const { askByFile, id = newRunId() } = AwsOptions.parse(options);
  if (!askByFile) return undefined;
  return new AskByFile({ store: openStoreOf(options).folder, id, about, profile: profileOf(options) });
}

export interface OpenAwsOptions {
  /** Absent: a person at the terminal is asked. */
  readonly asker?: AskByFile | undefined;
  /** What gives questions up, at the time at which one is asked. */
  readonly signal?: () => AbortSignal;
  /** Other credentials than the options name. */
  readonly place?: ProfilePlace | undefined;
}

/** Clients with the credentials that the options name. The AWS SDK is loaded here, and not before. */
export async function openAws(options: unknown, { asker, signal, place }: OpenAwsOptions = {}): Promise<Aws> {
  const { region } = place ?? AwsOptions.parse(options);
  const { Aws } = await import('../deploy/aws/aws-clients.ts');
  const profile = profileOf(place ?? options);
  const asking = (): Asking => ({ profile, signal: signal?.() });
  return Aws.open({
    ...{ profile, region },
    mfaCode: (device) => (asker === undefined ? codeAtTerminal(device) : codeByFile(asker, device, asking())),
    ...(asker === undefined ? {} : { signIn: (again) => signedIn(asker, again, asking()) }),
  });
}

function codeAtTerminal(device: string): Promise<string> {
  return askPerson(
    `Code of the device ${device}:`,
    'Run this in a terminal, or use a profile without such a device.',
  );
}

async function codeByFile(asker: AskByFile, device: string, asking: Asking): Promise<string> {
  const code = await asker.ask({ kind: 'code', device }, asking);
  if (code !== undefined) return code;
  throw turnedAway('No code was given.');
}

async function signedIn(asker: AskByFile, again: () => Promise<boolean>, asking: Asking): Promise<void> {
  const answer = await asker.ask({ kind: 'signIn' }, { ...asking, isSettled: again });
  if (answer === undefined) throw turnedAway('Nobody signed in.');
}

/** What is said where a person turned away from a question. */
export function turnedAway(message: string): UserError {
  return new UserError(message, 'Start it again when you like.', { exitCode: EXIT.cancelled });
}
