/** The least a person's credentials and the endpoint's role must be allowed to do. */
import { PREFIX } from '../../protocol/endpoint-name.ts';
import { clockStatements } from './clock-policy.ts';
import { componentStatements } from './component-policy.ts';
import { frontStatements } from './front-policy.ts';
import { allow, type DeployPlaces, type PolicyPlaces, type Statement } from './policy-statement.ts';

const BUCKET_ACTIONS = [
  's3:CreateBucket',
  's3:DeleteBucket',
  's3:ListBucket',
  's3:GetBucketTagging',
  's3:PutBucketTagging',
  's3:PutBucketPublicAccessBlock',
  's3:PutEncryptionConfiguration',
  's3:ListBucketMultipartUploads',
];
const OBJECT_ACTIONS = [
  's3:PutObject',
  's3:GetObject',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:PutObjectTagging',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];

/** The statements that a deployment is checked by, each with its resources. */
export function deployStatements(places: DeployPlaces): Statement[] {
  const { partition, bucket, role } = places;
  const sagemaker = (kind: string, name: string): string =>
    `arn:${partition}:sagemaker:${places.region}:${places.account}:${kind}/${name}`;
  return [
    allow('Bucket', BUCKET_ACTIONS, `arn:${partition}:s3:::${bucket}`),
    allow('Archive', OBJECT_ACTIONS, `arn:${partition}:s3:::${bucket}/recsys/*`),
    allow(
      'Pieces',
      [...of('Model'), ...of('EndpointConfig'), 'sagemaker:AddTags', 'sagemaker:ListTags'],
      [sagemaker('model', `${PREFIX}*`), sagemaker('endpoint-config', `${PREFIX}*`)],
    ),
    allow(
      'Endpoint',
      [
        ...of('Endpoint'),
        'sagemaker:UpdateEndpoint',
        'sagemaker:InvokeEndpoint',
        'sagemaker:AddTags',
        'sagemaker:ListTags',
      ],
      [sagemaker('endpoint', places.endpoint), sagemaker('endpoint-config', `${PREFIX}*`)],
    ),
    passRole(role),
    ...(places.front ? frontStatements(places) : []),
    ...(places.clock ? clockStatements(places) : []),
    ...(places.toZero ? componentStatements(places) : []),
  ];
}

/** The statements that a batch transform is checked by. */
export function transformStatements(places: PolicyPlaces): Statement[] {
  const { partition, region, account, bucket, role } = places;
  const sagemaker = (kind: string): string =>
    `arn:${partition}:sagemaker:${region}:${account}:${kind}/${PREFIX}*`;
  return [
    allow('Bucket', BUCKET_ACTIONS, `arn:${partition}:s3:::${bucket}`),
    allow('Files', OBJECT_ACTIONS, `arn:${partition}:s3:::${bucket}/recsys/*`),
    allow(
      'Job',
      ['sagemaker:CreateTransformJob', 'sagemaker:DescribeTransformJob', 'sagemaker:StopTransformJob'],
      [sagemaker('transform-job'), sagemaker('model')],
    ),
    allow(
      'Model',
      [...of('Model'), 'sagemaker:AddTags', 'sagemaker:ListTags'],
      [sagemaker('model'), sagemaker('transform-job')],
    ),
    passRole(role),
  ];
}

function passRole(role: string): Statement {
  return {
    ...allow('PassRole', ['iam:PassRole'], role),
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  };
}

/** What helps, and is not needed: without it things are said as unchecked or unknown. */
function helpfulStatements(places: PolicyPlaces): Statement[] {
  const { partition, account, role } = places;
  return [
    allow('Checks', ['iam:GetRole'], role),
    allow('Simulation', ['iam:SimulatePrincipalPolicy'], `arn:${partition}:iam::${account}:*`),
    allow(
      'Costs',
      [
        'iam:ListRoles',
        'pricing:GetProducts',
        'sagemaker:ListEndpoints',
        'sagemaker:ListModels',
        'sagemaker:ListTransformJobs',
        'sagemaker:DescribeTransformJob',
        'sagemaker:StopTransformJob',
        'sagemaker:ListEndpointConfigs',
        'cloudformation:DescribeStacks',
        's3:ListAllMyBuckets',
      ],
      '*',
    ),
    ...scalingStatements(places),
  ];
}

const SCALING_SERVICE = 'sagemaker.application-autoscaling.amazonaws.com';

/**
 * What instances that follow the load need. Application Auto Scaling makes and removes the alarms of a target by itself, and
 * refuses a caller who may not. SageMaker's guide, "Auto scaling prerequisites" (endpoint-auto-scaling-prerequisites), and
 * that of Application Auto Scaling, "Permissions required for target services and CloudWatch", list the same actions.
 */
function scalingStatements({ partition, account, region, endpoint }: PolicyPlaces): Statement[] {
  return [
    allow(
      'Scaling',
      [
        'application-autoscaling:RegisterScalableTarget',
        'application-autoscaling:PutScalingPolicy',
        'application-autoscaling:DeregisterScalableTarget',
      ],
      '*',
    ),
    allow(
      'Scaled',
      [
        'sagemaker:UpdateEndpointWeightsAndCapacities',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:DeleteAlarms',
      ],
      [
        `arn:${partition}:sagemaker:${region}:${account}:endpoint/${endpoint}`,
        // Whether a caller may is tried with alarms that are not there ("Permissions validation"): no name would be enough.
        `arn:${partition}:cloudwatch:${region}:${account}:alarm:*`,
      ],
    ),
    {
      ...allow('ScalingRole', ['iam:CreateServiceLinkedRole'], '*'),
      Condition: { StringEquals: { 'iam:AWSServiceName': SCALING_SERVICE } },
    },
  ];
}

/** What IAM takes as one managed policy, white space aside. */
const MOST_CHARACTERS = 6144;

/** Who deploys: `caller`, and `caller2` where one document has no room for all. */
function callerPolicies(statements: readonly Statement[]): Readonly<Record<string, unknown>> {
  const parts: Statement[][] = [];
  for (const statement of statements) {
    const longer = [...(parts.at(-1) ?? []), statement];
    const hasRoom = parts.length > 0 && JSON.stringify(documentOf(longer)).length <= MOST_CHARACTERS;
    parts.splice(hasRoom ? -1 : parts.length, 1, hasRoom ? longer : [statement]);
  }
  const name = (at: number): string => (at === 0 ? 'caller' : `caller${at + 1}`);
  return Object.fromEntries(parts.map((part, at) => [name(at), documentOf(part)]));
}

function documentOf(Statement: readonly unknown[]): unknown {
  return { Version: '2012-10-17', Statement };
}

/**
 * The role of the model: it fetches the archive and the container, and writes logs and metrics.
 * @param files what it does with those in the bucket
 */
function rolePolicy({ partition, account, region, bucket }: PolicyPlaces, files: readonly string[]): unknown {
  return documentOf([
    allow('Archive', files, `arn:${partition}:s3:::${bucket}/recsys/*`),
    allow('ArchiveFolder', ['s3:ListBucket'], `arn:${partition}:s3:::${bucket}`),
    allow(
      'Container',
      [
        'ecr:GetAuthorizationToken',
        'ecr:BatchCheckLayerAvailability',
        'ecr:GetDownloadUrlForLayer',
        'ecr:BatchGetImage',
      ],
      '*',
    ),
    allow(
      'Logs',
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      `arn:${partition}:logs:${region}:${account}:log-group:/aws/sagemaker/*`,
    ),
    allow('Metrics', ['cloudwatch:PutMetricData'], '*'),
  ]);
}

/** Who may take the role of the endpoint. */
function trustDocument(account: string): unknown {
  return documentOf([
    {
      Effect: 'Allow',
      Principal: { Service: 'sagemaker.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    },
  ]);
}

/** The documents of a deployment as JSON for people. */
export function policyText(places: DeployPlaces): string {
  return documents(deployStatements(places), ['s3:GetObject'], places);
}

/** The same of a batch transform, whose role reads queries and writes answers. */
export function transformPolicyText(places: PolicyPlaces): string {
  const files = ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'];
  return documents(transformStatements(places), files, places);
}

function documents(statements: readonly Statement[], files: readonly string[], places: PolicyPlaces): string {
  const all = {
    ...callerPolicies([...statements, ...helpfulStatements(places)]),
    role: rolePolicy(places, files),
    trust: trustDocument(places.account),
  };
  return JSON.stringify(all, null, 2);
}

function of(what: string): string[] {
  return ['Create', 'Describe', 'Delete'].map((verb) => `sagemaker:${verb}${what}`);
}
