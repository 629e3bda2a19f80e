/** The REST front of an endpoint as a template of CloudFormation: an HTTP API, a function behind it, and who may ask. */
import type { FrontAccess } from '../../protocol/deployment.ts';
import { MAX_K } from './capacity.ts';
import code from './lambda-code.json' with { type: 'json' };
import {
  allowing,
  arnOf,
  componentArns,
  endpointArns,
  leastRole,
  ref,
  sub,
  type Resource,
  type Resources,
  type Template,
  type Value,
} from './stack-template.ts';

/** The newest runtime of Lambda whose code a template may hold, with the AWS SDK in it. */
const RUNTIME = 'nodejs24.x';
const KEPT_DAYS = 30;
/** Requests a second, and how many may come at once, beyond which API Gateway answers 429. */
const RATE = 20;
const BURST = 40;
/** For so long a token that was let pass is not looked at again. */
const REMEMBERED_SECONDS = 60;
/** The function gives up before API Gateway does, which waits for 30 seconds. */
const FUNCTION_SECONDS = 28;

/**
 * @param endpoint whose front it is: the function may ask this one alone
 * @param hasComponent whether it has an inference component, of its name, which is to be named
 */
export function frontTemplate(endpoint: string, access: FrontAccess, hasComponent = false): Template {
  const byToken = access === 'token';
  const environment = { ENDPOINT: endpoint, MAX_K: String(MAX_K), EXCLUDE_QUERY: ref('ExcludeQuery') };
  const asked = [...endpointArns(endpoint), ...(hasComponent ? componentArns(endpoint) : [])];
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `GET /predict?session=a,b,c for the SageMaker endpoint ${endpoint}, by RecSys`,
    Parameters: { ExcludeQuery: EXCLUDE_QUERY, ...(byToken ? { TokenHash: TOKEN_HASH } : {}) },
    Resources: {
      ...functionResources('Predict', code.predict, {
        environment: hasComponent ? { ...environment, COMPONENT: endpoint } : environment,
        statements: [allowing('sagemaker:InvokeEndpoint', asked)],
        calledFrom: '*/GET/predict',
      }),
      ...apiResources(byToken),
      ...(byToken ? authoriserResources() : {}),
    },
    Outputs: {
      Url: {
        Description: 'Ask it here: ?session=a,b,c',
        Value: sub('https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/predict'),
      },
      Arn: {
        Description: 'Whoever signs requests needs execute-api:Invoke on it',
        Value: sub(`${API_ARN}/$default/GET/predict`),
      },
    },
  };
}

const EXCLUDE_QUERY = {
  Type: 'String',
  Description: "Whether a list leaves out the session's own items, as the model was evaluated",
  AllowedValues: ['true', 'false'],
  Default: 'true',
};
const TOKEN_HASH = {
  Type: 'String',
  Description: 'SHA-256 of the token, as 64 hexadecimal digits',
  AllowedPattern: '^[0-9a-f]{64}$',
  NoEcho: true,
};
const API_ARN = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}';

interface FunctionPlan {
  readonly environment: Readonly<Record<string, Value>>;
  /** What it may do beside writing its own log. */
  readonly statements: readonly Value[];
  /** Which part of the API may call it. */
  readonly calledFrom: string;
}

function functionResources(
  name: string,
  ZipFile: string,
  { environment, statements, calledFrom }: FunctionPlan,
): Resources {
  const log = `${name}Log`;
  const writing = allowing(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(log));
  return {
    [log]: logGroup(),
    [`${name}Role`]: leastRole('lambda.amazonaws.com', [writing, ...statements]),
    [name]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...{ Runtime: RUNTIME, Handler: 'index.handler', Code: { ZipFile }, MemorySize: 256 },
        ...{ Timeout: FUNCTION_SECONDS, Role: arnOf(`${name}Role`), Environment: { Variables: environment } },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(log) },
      },
    },
    [`${name}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        ...{ Action: 'lambda:InvokeFunction', FunctionName: arnOf(name) },
        ...{ Principal: 'apigateway.amazonaws.com', SourceArn: sub(`${API_ARN}/${calledFrom}`) },
      },
    },
  };
}

function logGroup(): Resources[string] {
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: { RetentionInDays: KEPT_DAYS },
    ...{ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' },
  };
}

/** What was asked is not logged. */
const LOGGED = JSON.stringify({
  ...{ time: '$context.requestTimeEpoch', id: '$context.requestId', status: '$context.status' },
  ...{ milliseconds: '$context.responseLatency', from: '$context.identity.sourceIp' },
  ...{ error: '$context.error.message', integration: '$context.integrationErrorMessage' },
});

function apiResources(byToken: boolean): Resources {
  const ApiId = ref('Api');
  const guard: Resource['Properties'] = byToken
    ? { AuthorizationType: 'CUSTOM', AuthorizerId: ref('Authorizer') }
    : { AuthorizationType: 'AWS_IAM' };
  return {
    // Without rules for other origins, pages of browsers cannot read answers.
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: ref('AWS::StackName'), ProtocolType: 'HTTP' },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ...{ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Predict') },
        ...{ PayloadFormatVersion: '2.0', TimeoutInMillis: 30_000 },
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ...{ ApiId, RouteKey: 'GET /predict', Target: sub('integrations/${Integration}') },
        ...guard,
      },
    },
    AccessLog: logGroup(),
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ...{ ApiId, StageName: '$default', AutoDeploy: true },
        DefaultRouteSettings: { ThrottlingRateLimit: RATE, ThrottlingBurstLimit: BURST },
        AccessLogSettings: { DestinationArn: arnOf('AccessLog'), Format: LOGGED },
      },
    },
  };
}

function authoriserResources(): Resources {
  const invocations = 'lambda:path/2015-03-31/functions/${Authorise.Arn}/invocations';
  return {
    ...functionResources('Authorise', code.authorise, {
      ...{ environment: { TOKEN_SHA256: ref('TokenHash') }, statements: [] },
      calledFrom: 'authorizers/${Authorizer}',
    }),
    Authorizer: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ...{ ApiId: ref('Api'), Name: 'token', AuthorizerType: 'REQUEST' },
        AuthorizerUri: sub(`arn:\${AWS::Partition}:apigateway:\${AWS::Region}:${invocations}`),
        IdentitySource: ['$request.header.Authorization'],
        ...{ AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true },
        AuthorizerResultTtlInSeconds: REMEMBERED_SECONDS,
      },
    },
  };
}
