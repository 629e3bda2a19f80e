/** Names and tags of what is made at AWS. */
import { createHash } from 'node:crypto';
import * as os from 'node:os';
import * as path from 'node:path';
import type { DeployedModel, Tags } from '../../protocol/deployment.ts';
import { isEndpointName, LONGEST_NAME, nameable, PREFIX } from '../../protocol/endpoint-name.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';

/** @throws UserError for a name that SageMaker does not take */
export function requireEndpointName(name: string): void {
  if (isEndpointName(name)) return;
  throw new UserError(
    `'${name.slice(0, 80)}' cannot be the name of an endpoint.`,
    `Names are of letters, digits and dashes between them, ${LONGEST_NAME} at most: --name ${nameable(name, LONGEST_NAME) || 'my-endpoint'}`,
    { exitCode: EXIT.usage },
  );
}

/** Name of the model and of the configuration of one deployment. */
export function pieceName(endpoint: string, deployment: string): string {
  const room = LONGEST_NAME - PREFIX.length - deployment.length - 1;
  const own = endpoint.startsWith(PREFIX) ? endpoint.slice(PREFIX.length) : endpoint;
  return `${PREFIX}${nameable(own, room)}-${deployment}`;
}

const CLOCK = `${PREFIX}clock-`;
const COMPONENT = `${PREFIX}zero-`;

/** The stack of an endpoint's REST front: one, whichever deployment answers. */
export function frontName(endpoint: string): string {
  return `${PREFIX}rest-${endpoint}`;
}

/** The stack of the clock that takes an endpoint away at its time. */
export function clockName(endpoint: string): string {
  return `${CLOCK}${endpoint}`;
}

/** The stack of the inference component by which an endpoint scales to zero. */
export function componentStackName(endpoint: string): string {
  return `${COMPONENT}${endpoint}`;
}

/** The component that such a stack makes: it has the name of its endpoint. */
export function componentName(stack: string): string {
  return stack.slice(COMPONENT.length);
}

/** What a stack of ours is, by its name. */
export function kindOfStack(stack: string): 'stack' | 'clock' | 'component' {
  if (stack.startsWith(CLOCK)) return 'clock';
  return stack.startsWith(COMPONENT) ? 'component' : 'stack';
}

/** The bucket that is made where none is named: one for an account and region. */
export function ownBucketName(account: string, region: string): string {
  return `${PREFIX}${account}-${region}`;
}

/** Of an archive in the bucket. Equal archives have equal keys, so that what was uploaded once is found again. */
export function objectKey(workspace: string, endpoint: string, sha256: string): string {
  return `recsys/${workspace}/${endpoint}/${sha256.slice(0, 16)}/model.tar.gz`;
}

/** What the keys of a prediction's files begin with. @param part what they are of: `input`, `output` */
export function predictionPrefix(workspace: string, name: string, of: string, part: string): string {
  return `recsys/${workspace}/${name}/${of}/${part}/`;
}

/** Of the predictions that go into a file: the same each time, so that what was uploaded before is found again. */
export function predictionsName(output: string): string {
  const file = path.resolve(output);
  const hash = createHash('sha256').update(file).digest('hex').slice(0, 8);
  return `${nameable(path.parse(file).name, 20) || 'predictions'}-${hash}`;
}

/** What tells the workspaces of one account apart: the name of the folder, and a hash of where it is. */
export function workspaceTag(storeFolder: string): string {
  const folder = path.dirname(path.resolve(storeFolder));
  const hash = createHash('sha256').update(`${os.hostname()}:${folder}`).digest('hex').slice(0, 8);
  return `${nameable(path.basename(folder), 40) || 'workspace'}-${hash}`;
}

export const TAGS = {
  run: 'recsys:run',
  owner: 'recsys:owner',
  workspace: 'recsys:workspace',
  endpoint: 'recsys:endpoint',
  deployment: 'recsys:deployment',
  expires: 'recsys:expires',
} as const;

/** A value as AWS takes it: letters, digits, spaces and a few marks. */
export function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.:/=+\-@]/gu, '_').slice(0, 256);
}

export interface Tagging {
  readonly source: DeployedModel;
  /** Who deploys, as AWS calls them. */
  readonly owner: string;
  readonly workspace: string;
  readonly endpoint: string;
  readonly deployment: string;
  readonly expires: string | undefined;
}

export function tagsOf({ source, owner, workspace, endpoint, deployment, expires }: Tagging): Tags {
  const all = {
    [TAGS.run]: source.run ?? `package ${source.model}`,
    ...{ [TAGS.owner]: owner, [TAGS.workspace]: workspace },
    ...{ [TAGS.endpoint]: endpoint, [TAGS.deployment]: deployment },
    ...(expires === undefined ? {} : { [TAGS.expires]: expires }),
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, tagValue(value)]));
}
