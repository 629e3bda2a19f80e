/** How calls about an endpoint's own stacks are made to fail, and what CloudFormation says of one that it does not make. */
import type { AwsProxy, Failure } from './aws-proxy.ts';

export const refused = {
  how: 'error',
  status: 400,
  code: 'ValidationError',
  message: 'no',
} as const satisfies Failure;
export const broken = {
  how: 'error',
  status: 500,
  code: 'InternalFailure',
  message: 'oops',
} as const satisfies Failure;

const FAILURES = { refused, broken, throttled: { how: 'throttle' }, lost: { how: 'lost' } } as const;
type How = keyof typeof FAILURES;

/** Calls of a deployment with a stack of its own, each with ways in which it fails. */
const CALLS: Readonly<Record<string, readonly How[]>> = {
  CreateStack: ['refused', 'broken', 'throttled', 'lost'],
  DescribeStacks: ['broken', 'lost'],
  CreateEndpointConfig: ['refused', 'lost'],
  CreateEndpoint: ['refused', 'lost'],
  InvokeEndpoint: ['refused'],
  DeleteStack: ['lost'],
};

export const FAILING_CALLS = Object.entries(CALLS).flatMap(([name, ways]) =>
  ways.map((how): readonly [name: string, how: How, failure: Failure] => [name, how, FAILURES[how]]),
);

export interface RolledBack {
  readonly stack: string;
  /** What of it could not be made, and why. */
  readonly resource: string;
  readonly why: string;
  /** The `recsys:workspace` it is tagged with. */
  readonly workspace: () => string;
}

/** CloudFormation goes back, and tells why. @returns takes that away again */
export function rollsBack(proxy: AwsProxy, { stack, resource, why, workspace }: RolledBack): () => void {
  let isThere = false;
  const replies = {
    CreateStack: () => void (isThere = true),
    DeleteStack: () => void (isThere = false),
    DescribeStacks: () =>
      isThere ? { status: 200, body: described(stackOf(stack, workspace())) } : undefined,
    DescribeStackEvents: () => ({ status: 200, body: eventsOf(resource, why) }),
  };
  for (const [name, reply] of Object.entries(replies)) proxy.own.set(name, reply);
  return () => {
    for (const name of Object.keys(replies)) proxy.own.delete(name);
  };
}

function stackOf(name: string, workspace: string): string {
  const tag = `<member><Key>recsys:workspace</Key><Value>${workspace}</Value></member>`;
  return `<StackName>${name}</StackName><StackId>arn:aws:cloudformation:x:1:stack/${name}/1</StackId><StackStatus>ROLLBACK_COMPLETE</StackStatus><Tags>${tag}</Tags>`;
}

function described(stack: string): string {
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function eventsOf(resource: string, why: string): string {
  const event = `<member><LogicalResourceId>${resource}</LogicalResourceId><ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>${why}</ResourceStatusReason></member>`;
  return `<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>${event}</StackEvents></DescribeStackEventsResult></DescribeStackEventsResponse>`;
}
