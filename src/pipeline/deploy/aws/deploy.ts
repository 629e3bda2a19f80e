/** From a package to a live endpoint, and nothing left behind where it does not come to be one. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import {
  DEPLOY_STEPS,
  pieceId,
  type DeployEvent,
  type DeployStep,
  type DeploymentState,
} from '../../../protocol/deployment.ts';
import { EXIT, toldOf, UserError } from '../../../protocol/user-error.ts';
import { ownIdentity } from '../../store/process-identity.ts';
import type { WrittenArchive } from '../archive-writer.ts';
import { DeploymentFolder } from '../deployment-folder.ts';
import type { Ledger } from '../ledger.ts';
import { frontName, objectKey } from '../deployment-names.ts';
import { deployStatements } from '../policy.ts';
import { DeployProgress } from '../deploy-progress.ts';
import { smokeRequests } from '../live-answers.ts';
import type { Aws } from './aws-clients.ts';
import { haveBucket } from './bucket.ts';
import { checkPermissions } from './check-permissions.ts';
import { planDeployment, type DeployPlan, type DeployRequest } from './deploy-plan.ts';
import { haveClock, removeClock } from './clock.ts';
import { haveComponent } from './component.ts';
import { settledEndpoint } from './endpoint-status.ts';
import { makeConfig, makeEndpoint, makeModel, makeScaling, notInService } from './endpoint-pieces.ts';
import { isLeft, sweep } from './endpoints.ts';
import { existingEndpoint } from './existing-endpoint.ts';
import { explained } from './fault.ts';
import { adaptFront, haveFront, type Front } from './front.ts';
import type { Making } from './make-piece.ts';
import type { StackContext } from './own-stack.ts';
import type { Removal } from './remove-pieces.ts';
import { settle } from './settle.ts';
import { failedAnd, remainsText, SWEEP_LATER, takeAway } from './take-away.ts';
import { smoke } from './smoke.ts';
import { uploadArchive } from './upload.ts';

export interface DeployPorts {
  /** Shows what will be made, and asks; called before anything is. */
  readonly confirm: (plan: DeployPlan) => Promise<boolean>;
  readonly onEvent: (event: DeployEvent) => void;
  /** Gives the deployment up: what was made is taken away. */
  readonly signal: AbortSignal;
  /** Gives up taking it away, which the journal then remembers; made when it begins. */
  readonly leaveSignal?: (() => AbortSignal) | undefined;
}

export interface Deployed {
  readonly plan: DeployPlan;
  readonly arn: string;
  readonly milliseconds: readonly number[];
  readonly front: Front | undefined;
  /** Whether a clock at AWS takes it away at its time. */
  readonly clock: boolean;
}

const NO_CLOCK =
  'Nothing at AWS takes the endpoint away at its time: the next deployment or sweep after it does.';

type Tell = (told: { readonly message: string }) => void;

/** Tells how what is waited for is, and for how long. */
function statusTo(tell: Tell | undefined): (status: string, seconds: number) => void {
  return (status, seconds) => tell?.({ message: `${status} for ${Math.round(seconds)} s` });
}

/** Ended by a person. */
export class DeploymentCancelled extends UserError {
  constructor(message: string, hint: string) {
    super(message, hint, { exitCode: EXIT.cancelled });
  }
}

/** @throws UserError where the endpoint does not come to be in service; it says what is still there, if anything */
export async function deploy(aws: Aws, request: DeployRequest, ports: DeployPorts): Promise<Deployed> {
  return aws.try('deploying', () => begin(aws, request, ports));
}

async function begin(aws: Aws, request: DeployRequest, ports: DeployPorts): Promise<Deployed> {
  const caller = await aws.caller();
  const plan = await planDeployment(aws, caller, request);
  if (!(await ports.confirm(plan)))
    throw new DeploymentCancelled('Nothing was made.', 'Deploy again when you like.');
  const folder = new DeploymentFolder(request.storeFolder, plan.endpoint);
  requireSamePlace(folder, plan);
  // What other deployments left when their process was lost; whoever deploys now hears of it by the sweep only.
  const isDue = (ledger: Ledger, other: DeploymentFolder): boolean =>
    other.folder !== folder.folder && isLeft(ledger, other);
  await sweep(aws, request.storeFolder, ports.signal, isDue);
  return folder.alone(() => new Deployment(aws, folder, plan, request, ports).run());
}

/** A journal is of one account and region: in another, what it holds could not be taken away. */
function requireSamePlace(folder: DeploymentFolder, { caller, region, endpoint }: DeployPlan): void {
  const { deployments, pieces } = folder.ledger();
  const last = [...deployments.values()].at(-1);
  if (last === undefined || pieces.size === 0) return;
  if (last.account === caller.account && last.region === region) return;
  throw new UserError(
    `The endpoint ${endpoint} of this workspace is in account ${last.account}, region ${last.region}.`,
    `Choose another name with --name, or take that one away first: recsys endpoint delete ${endpoint}`,
  );
}

class Deployment {
  private readonly making: Making;
  private readonly progress: DeployProgress;
  private readonly aws: Aws;
  private readonly folder: DeploymentFolder;
  private readonly plan: DeployPlan;
  private readonly request: DeployRequest;
  private readonly ports: DeployPorts;

  constructor(
    aws: Aws,
    folder: DeploymentFolder,
    plan: DeployPlan,
    request: DeployRequest,
    ports: DeployPorts,
  ) {
    this.aws = aws;
    this.folder = folder;
    this.plan = plan;
    this.request = request;
    this.ports = ports;
    this.making = { aws, journal: folder.journal, id: plan.id, tags: plan.tags };
    const isTaken: Partial<Record<DeployStep, boolean>> = {
      ...{ front: this.hasFront(), clock: plan.clock, component: this.isToZero },
    };
    const steps = DEPLOY_STEPS.filter((step) => isTaken[step] ?? true);
    this.progress = new DeployProgress(folder, stateOf(plan), ports.onEvent, steps);
  }

  async run(): Promise<Deployed> {
    const { folder, plan } = this;
    const { id, caller, region, source } = plan;
    await settle(folder, { aws: this.aws, keepUploads: true });
    await folder.journal.append({
      type: 'deployment',
      ...{ id, region, account: caller.account, capacity: plan.capacity },
      ...{ excludesQuery: excludesQuery(plan), clock: plan.clock },
      ...source,
    });
    let deployed: Deployed;
    try {
      deployed = await this.steps();
    } catch (error) {
      throw await this.undone(error);
    }
    await this.progress.end('inService');
    // What an earlier deployment left, and nobody can go back to any more.
    const removal = await settle(folder, { aws: this.aws });
    for (const { piece, why } of removal.remaining)
      this.progress.log('warning', `Not taken away: ${piece} (${why}). Try later: recsys endpoint sweep`);
    return deployed;
  }

  private async steps(): Promise<Deployed> {
    const { folder, plan, making, progress, ports } = this;
    const { endpoint, caller, id, pieces } = plan;
    const accountText = (): string => `${caller.account} · ${plan.region}`;
    await progress.step('account', () => Promise.resolve(), accountText);
    const isThere = await this.permissions();
    const scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-archive-'));
    try {
      const archive = await this.archive(scratch);
      const object = await this.upload(archive);
      await this.makeModel(object, isThere);
    } finally {
      await fs.rm(scratch, { recursive: true, force: true });
    }
    const clock = plan.clock && (await this.unlessCancelled(() => this.setClock()));
    const arn = await this.makeEndpoint(isThere);
    const milliseconds = await this.smoke();
    await this.unlessCancelled(() => makeScaling(making, endpoint, plan.capacity));
    const front = this.hasFront() ? await this.unlessCancelled(() => this.front()) : undefined;
    // An endpoint that is to stay has none that was set before.
    if (!plan.clock) await this.unlessCancelled(() => removeClock(this.stackContext()));
    ports.signal.throwIfAborted();
    await folder.journal.append({ type: 'live', id, config: pieces });
    await folder.journal.append({ type: 'ended', id, outcome: 'live' });
    return { plan, arn, milliseconds, front, clock };
  }

  /** With a configuration; an endpoint that scales to zero keeps its own, which says nothing of models. */
  private async makeModel(archive: string, isThere: boolean): Promise<void> {
    const { plan, making, progress } = this;
    const model = { ...plan, name: plan.pieces, archive };
    await this.unlessCancelled(() => progress.step('model', () => makeModel(making, model)));
    const keepsConfig = isThere && this.isToZero;
    await this.unlessCancelled(() =>
      progress.step(
        'configuration',
        () => (keepsConfig ? Promise.resolve('') : makeConfig(making, model)),
        () => (keepsConfig ? 'the endpoint keeps its own' : undefined),
      ),
    );
  }

  /** It is waited for, and its component. @returns its ARN */
  private async makeEndpoint(isThere: boolean): Promise<string> {
    const { plan, making, progress } = this;
    const how = { isThere, keepsConfig: this.isToZero };
    await this.unlessCancelled(() =>
      progress.step(
        'endpoint',
        () => makeEndpoint(making, plan.endpoint, plan.pieces, how),
        () => (isThere ? 'updated; the earlier model answers until the new one is ready' : undefined),
      ),
    );
    const arn = await this.wait(isThere && how.keepsConfig);
    await this.unlessCancelled(() => this.component(isThere));
    return arn;
  }

  /** By which the model is on an endpoint that scales to zero. */
  private async component(isThere: boolean): Promise<void> {
    const { plan, making, progress } = this;
    const { capacity, pieces: model, id } = plan;
    if (capacity.type !== 'toZero') return;
    if (isThere) await making.journal.append({ type: 'update', id, config: model });
    await progress.step('component', (tell) => haveComponent(this.stackContext(tell), { model, capacity }));
  }

  private async smoke(): Promise<number[]> {
    const { aws, plan, progress, ports } = this;
    const { endpoint } = plan;
    const requests = await smokeRequests(plan.model, plan.names);
    const asked = { endpoint, component: this.isToZero ? endpoint : undefined };
    return progress.step(
      'smoke',
      (tell) => smoke(aws, asked, requests, { signal: ports.signal, onStatus: statusTo(tell) }),
      (taken) => `the answers are the model's own (${taken.join(', ')} ms)`,
    );
  }

  private get isToZero(): boolean {
    return this.plan.capacity.type === 'toZero';
  }

  /** A creating call is never cut off, as nobody would know what came of it: it is begun, or it is not. */
  private async unlessCancelled<T>(action: () => Promise<T>): Promise<T> {
    this.ports.signal.throwIfAborted();
    return action();
  }

  /** @returns whether the endpoint is there, and to be updated */
  private permissions(): Promise<boolean> {
    const { aws, folder, plan, progress } = this;
    const { caller, region, bucket, endpoint, role, workspace, capacity } = plan;
    const front = plan.front !== undefined;
    // Whether there may be a clock is seen when it is made: without one a deployment goes on.
    const more = { front, clock: false, toZero: this.isToZero };
    const places = { ...caller, region, ...{ bucket, endpoint, role }, ...more };
    return progress.step('permissions', async () => {
      const doubts = [...plan.unchecked, ...(await checkPermissions(aws, caller, deployStatements(places)))];
      for (const doubt of doubts) progress.log('warning', doubt);
      return (await existingEndpoint(aws, folder, workspace, capacity)) !== undefined;
    });
  }

  private archive(scratch: string): Promise<WrittenArchive> {
    const { ports, progress, plan } = this;
    return progress.step('archive', (tell) =>
      plan.archive.write(path.join(scratch, 'model.tar.gz'), {
        // Equal packages are to be equal archives, so the version says nothing of this deployment.
        ...{ name: 'model', version: '1', signal: ports.signal },
        onProgress: (done, total) => tell({ done, total, message: plan.model.name }),
      }),
    );
  }

  /** @returns `<bucket>/<key>` */
  private async upload(archive: WrittenArchive): Promise<string> {
    const { making, plan, request, progress, ports } = this;
    const { caller, workspace, endpoint } = plan;
    return progress.step('upload', async (tell) => {
      const bucket = await this.unlessCancelled(() => haveBucket(making, caller, request.bucket));
      const name = `${bucket.name}/${objectKey(workspace, endpoint, archive.sha256)}`;
      const upload = {
        ...{ archive, name, needs: bucket.needs, account: caller.account, signal: ports.signal },
        contentType: 'application/gzip',
        ...{
          partBytes: request.partBytes,
          onProgress: (done: number, total: number) => tell({ done, total }),
        },
      };
      await this.unlessCancelled(() =>
        this.aws.try('uploading the archive', () => uploadArchive(making, upload)),
      );
      return name;
    });
  }

  /** @returns the endpoint's ARN */
  private wait(keepsConfig: boolean): Promise<string> {
    const { aws, plan, progress, ports } = this;
    const { endpoint, pieces } = plan;
    return progress.step('wait', async (tell) => {
      const waiting = { signal: ports.signal, onStatus: statusTo(tell) };
      const settled = await aws.try(`waiting for the endpoint ${endpoint}`, () =>
        settledEndpoint(aws, endpoint, waiting),
      );
      if (settled?.status !== 'InService' || (!keepsConfig && settled.config !== pieces))
        throw notInService(endpoint, settled);
      return settled.arn;
    });
  }

  /** Before there is an endpoint: one that nobody waits for any more is taken away as well. @returns whether it is set */
  private async setClock(): Promise<boolean> {
    const { plan, progress } = this;
    const why = await progress.step(
      'clock',
      (tell) => {
        const context = { ...this.stackContext(tell), hasComponent: this.isToZero };
        return haveClock(context, plan.expires ?? '');
      },
      (denied) => (denied === undefined ? `AWS takes it away at ${plan.expires ?? ''}` : 'not allowed'),
    );
    if (why === undefined) return true;
    progress.log('warning', `${NO_CLOCK} No clock could be made: ${why}`);
    return false;
  }

  /** Of the stacks beside the endpoint. */
  private stackContext(tell?: Tell): StackContext {
    const { making, ports } = this;
    const { endpoint, workspace } = this.plan;
    return { making, endpoint, workspace, waiting: { signal: ports.signal, onStatus: statusTo(tell) } };
  }

  /** Whether there is to be a front, or is one, which has to know what the new model is asked. */
  private hasFront(): boolean {
    const { folder, plan } = this;
    const piece = { kind: 'stack' as const, name: frontName(plan.endpoint) };
    return plan.front !== undefined || folder.ledger().pieces.has(pieceId(piece));
  }

  private front(): Promise<Front | undefined> {
    const { plan, progress } = this;
    return progress.step(
      'front',
      (tell) => {
        const more = { excludesQuery: excludesQuery(plan), hasComponent: this.isToZero };
        const context = { ...this.stackContext(tell), ...more };
        return plan.front === undefined ? adaptFront(context) : haveFront(context, plan.front);
      },
      (front) => front?.url,
    );
  }

  /** Takes away what was made, and gives what to tell. */
  private async undone(cause: unknown): Promise<UserError> {
    const { aws, folder, plan, progress, ports } = this;
    const isCancelled = ports.signal.aborted;
    const error = explained(cause, aws.doing('deploying'));
    const outcome = isCancelled ? 'cancelled' : 'failed';
    const message = isCancelled ? 'The deployment was cancelled.' : error.message;
    await folder.journal.append({ type: 'ended', id: plan.id, outcome, message });
    const after = await takeAway(folder, {
      ...{ aws, signal: ports.leaveSignal?.() },
      inform: (text) => progress.log('info', text),
      saidOf: (removal) => saidOf(removal, folder),
    });
    const told = isCancelled
      ? new DeploymentCancelled(
          `${message} ${after.said}`,
          after.isLeft ? SWEEP_LATER : 'Deploy again when you like.',
        )
      : failedAnd(after, error);
    await progress.end(outcome, { message: told.message, ...toldOf(told) });
    return told;
  }
}

/** Whether lists leave out the query's own items, as they did in the evaluation. */
function excludesQuery({ model }: DeployPlan): boolean {
  return model.file.signature.neverReturned.includes('query-items');
}

function saidOf({ removed, remaining }: Removal, folder: DeploymentFolder): string {
  const live = folder.ledger().live === undefined ? '' : ' The endpoint answers by its earlier model.';
  if (remaining.length > 0) return `${remainsText(remaining)}${live}`;
  return removed.length === 0
    ? `Nothing was left behind.${live}`
    : `What was made was taken away again.${live}`;
}

function stateOf(plan: DeployPlan): Omit<DeploymentState, 'steps'> {
  const { endpoint, id, caller, region, profile, capacity, image, bucket, expires, source } = plan;
  return {
    ...{ format: 1, endpoint, id, account: caller.account, region, state: 'running' },
    ...{ process: ownIdentity(), started: new Date().toISOString(), capacity, image, bucket },
    ...source,
    ...(profile === undefined ? {} : { profile }),
    ...(expires === undefined ? {} : { expires }),
  };
}
