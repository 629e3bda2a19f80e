/** How a stack is, waiting for it, and taking it away. */
import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { Tags } from '../../../protocol/deployment.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { Aws } from './aws-clients.ts';
import { isDenied, isMissing } from './fault.ts';
import { redacted } from './redact.ts';
import { tagsIn } from './tag-list.ts';
import { waitSettled, type Waiting } from './wait-settled.ts';

export interface StackStatus {
  readonly name: string;
  readonly status: string;
  readonly arn: string;
  readonly tags: Tags;
  readonly outputs: Readonly<Record<string, string>>;
  /** The values that it was given; of those that are no one's business stars. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly created: Date | undefined;
}

export function statusOfStack(stack: Stack): StackStatus {
  const { Tags: tags = [], Outputs = [], Parameters = [] } = stack;
  return {
    ...{ name: stack.StackName ?? '', status: stack.StackStatus ?? 'Unknown', arn: stack.StackId ?? '' },
    tags: tagsIn(tags),
    outputs: Object.fromEntries(
      Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
    parameters: Object.fromEntries(
      Parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
    created: stack.CreationTime,
  };
}

/** Undefined where there is no such stack. @param name or its ARN */
export async function stackStatus(aws: Aws, name: string): Promise<StackStatus | undefined> {
  try {
    const { Stacks = [] } = await aws.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks.map(statusOfStack);
    // By its ARN a stack is known for a while after its end.
    return stack?.status === 'DELETE_COMPLETE' ? undefined : stack;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Waits until a stack is in no state that passes by itself; undefined where it is gone. */
export function settledStack(
  aws: Aws,
  name: string,
  waiting: Waiting = {},
): Promise<StackStatus | undefined> {
  const watched = {
    look: () => stackStatus(aws, name),
    passes: (status: string) => status.endsWith('_IN_PROGRESS'),
    ...{ what: `stack ${name}`, lookAt: 'its events in the CloudFormation console' },
  };
  return waitSettled(aws, watched, waiting);
}

/** What of a stack's resources failed first, and why, in words. */
export async function stackFailures(aws: Aws, name: string): Promise<string> {
  const failed: string[] = [];
  try {
    const { StackEvents = [] } = await aws.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: name }),
    );
    for (const { LogicalResourceId, ResourceStatus = '', ResourceStatusReason = '' } of StackEvents)
      // The others are cancelled as soon as one has failed.
      if (ResourceStatus.endsWith('_FAILED') && !/cancelled/i.test(ResourceStatusReason))
        failed.push(`${LogicalResourceId ?? ''}: ${ResourceStatusReason}`);
  } catch (error) {
    if (!isMissing(error) && !isDenied(error)) throw error;
  }
  // The newest come first; what came first is why.
  return redacted(failed.slice(-2).toReversed().join(' · ')) || 'AWS does not say why';
}

/** Takes a stack away, with all that is in it. @throws UserError where something of it stays */
export async function removeStack(aws: Aws, name: string, waiting: Waiting = {}): Promise<void> {
  const there = await stackStatus(aws, name);
  if (there === undefined) return;
  // What is being made can be taken away at once, and what is being changed only after.
  if (there.status !== 'CREATE_IN_PROGRESS') await settledStack(aws, name, waiting);
  await aws.cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  const left = await settledStack(aws, name, waiting);
  if (left === undefined) return;
  throw new UserError(
    `The stack ${name} is ${left.status}: ${await stackFailures(aws, name)}`,
    'Look at it in the CloudFormation console.',
  );
}
