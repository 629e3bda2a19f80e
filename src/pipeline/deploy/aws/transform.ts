/** Predictions by a batch transform job: what it needs is made, and all of it taken away again, however it ends. */
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { UserError } from '../../../protocol/user-error.ts';
import type { Reporter } from '../../reporter.ts';
import type { RankedQueries } from '../../predict/prediction-lines.ts';
import type { AskedLists, RankQueries } from '../../predict/rank-lists.ts';
import type { WrittenArchive } from '../archive-writer.ts';
import { DeploymentFolder } from '../deployment-folder.ts';
import { objectKey, predictionPrefix } from '../deployment-names.ts';
import type { Ledger } from '../ledger.ts';
import { transformStatements } from '../policy.ts';
import type { Aws } from './aws-clients.ts';
import { haveBucket, type Bucket } from './bucket.ts';
import { checkPermissions } from './check-permissions.ts';
import { downloadObject } from './download.ts';
import { makeModel } from './endpoint-pieces.ts';
import { isLeft, sweep } from './endpoints.ts';
import { explained } from './fault.ts';
import type { Making } from './make-piece.ts';
import { keysBelow } from './pieces.ts';
import type { Removal } from './remove-pieces.ts';
import { settle } from './settle.ts';
import { failedAnd, remainsText, takeAway } from './take-away.ts';
import { inputName, writeTransformInput, type TransformInput } from './transform-input.ts';
import { makeTransform, notTransformed } from './transform-job.ts';
import { endedTransform } from './transform-status.ts';
import { answeredQueries } from './transform-output.ts';
import type { TransformPlan, TransformRequest } from './transform-plan.ts';
import { uploadArchive } from './upload.ts';

export interface TransformPorts {
  readonly reporter: Reporter;
  /** Gives it up: the job is stopped, and what was made is taken away. */
  readonly signal: AbortSignal;
  /** Gives up taking it away, which the journal then remembers; made when it begins. */
  readonly leaveSignal?: (() => AbortSignal) | undefined;
}

/** What ranks queries as planned. All that was made is gone before the first list is given. */
export function rankByTransform(
  aws: Aws,
  plan: TransformPlan,
  request: TransformRequest,
  ports: TransformPorts,
): RankQueries {
  return (asked) => ranked(aws, plan, request, ports, asked);
}

async function* ranked(
  aws: Aws,
  plan: TransformPlan,
  request: TransformRequest,
  ports: TransformPorts,
  asked: AskedLists,
): AsyncGenerator<RankedQueries, void, void> {
  const { reporter, signal } = ports;
  const folder = new DeploymentFolder(request.storeFolder, plan.name, 'predictions');
  // What others left when their process was lost; whoever predicts now hears of it by the sweep only.
  const isDue = (ledger: Ledger, other: DeploymentFolder): boolean =>
    other.folder !== folder.folder && isLeft(ledger, other);
  await sweep(aws, request.storeFolder, signal, isDue);
  const files = await folder.alone(async () => {
    try {
      return await new Transform(aws, folder, plan, request, ports, asked).run();
    } finally {
      await folder.forgetEmpty();
    }
  });
  let compared = 0;
  const onCompared = (): void => {
    compared++;
  };
  const { recommender } = plan.model;
  yield* answeredQueries({ asked, files, recommender, onCompared });
  reporter.info(`${compared} of the job's lists were compared with the model's own on this machine.`);
}

interface Sent {
  readonly input: TransformInput;
  readonly archive: WrittenArchive;
}

class Transform {
  private readonly aws: Aws;
  private readonly folder: DeploymentFolder;
  private readonly plan: TransformPlan;
  private readonly request: TransformRequest;
  private readonly ports: TransformPorts;
  private readonly asked: AskedLists;
  private readonly making: Making;

  constructor(
    aws: Aws,
    folder: DeploymentFolder,
    plan: TransformPlan,
    request: TransformRequest,
    ports: TransformPorts,
    asked: AskedLists,
  ) {
    this.aws = aws;
    this.folder = folder;
    this.plan = plan;
    this.request = request;
    this.ports = ports;
    this.asked = asked;
    this.making = { aws, journal: folder.journal, id: plan.id, tags: plan.tags };
  }

  /** @returns the files of what the job wrote, in the order of the queries */
  async run(): Promise<string[]> {
    const { folder, plan, aws, ports } = this;
    const { id, caller, region, source } = plan;
    const files = await this.prepared();
    await settle(folder, { aws, keepUploads: true });
    await folder.journal.append({ type: 'deployment', id, region, account: caller.account, ...source });
    let answers: string[];
    try {
      answers = await this.steps(files);
    } catch (error) {
      throw await this.undone(error);
    }
    await folder.journal.append({ type: 'ended', id, outcome: 'done' });
    const removal = await settle(folder, { aws, signal: ports.signal });
    for (const { piece, why } of removal.remaining)
      ports.reporter.warn(`Not taken away: ${piece} (${why}). Try later: recsys endpoint sweep`);
    return answers;
  }

  /** All that is sent, before anything is made. */
  private async prepared(): Promise<Sent> {
    const { ports, asked } = this;
    await this.permissions();
    const { queries } = asked;
    const input = await writeTransformInput(
      asked,
      path.join(asked.scratch, 'input'),
      (done) => ports.reporter.progress('writing queries', done, queries, 'queries'),
      this.request.fileBytes,
    );
    return { input, archive: await this.archive() };
  }

  private async steps({ input, archive }: Sent): Promise<string[]> {
    const { plan, making } = this;
    const bucket = await this.unlessCancelled(() => haveBucket(making, plan.caller, this.request.bucket));
    const { workspace, name, pieces, instance, count, id } = plan;
    const archiveName = `${bucket.name}/${objectKey(workspace, name, archive.sha256)}`;
    await this.upload('uploading the model', bucket, archive, archiveName, 'application/gzip');
    const inputs = `${bucket.name}/${predictionPrefix(workspace, name, contentOf(input), 'input')}`;
    for (const [at, file] of input.files.entries()) {
      const what = `uploading queries, file ${at + 1} of ${input.files.length}`;
      await this.upload(what, bucket, file, inputs + inputName(at), 'application/jsonlines');
    }
    const capacity = { type: 'instances', instance, count, most: count } as const;
    const model = { ...plan, name: pieces, archive: archiveName, capacity };
    await this.unlessCancelled(() => makeModel(making, model));
    const output = `${bucket.name}/${predictionPrefix(workspace, name, id, 'output')}`;
    const job = { name: pieces, instance, count, input: inputs, output, longest: input.longest };
    await this.unlessCancelled(() => makeTransform(making, job));
    await this.wait();
    return this.download(output, input.files.length);
  }

  /** A creating call is never cut off, as nobody would know what came of it: it is begun, or it is not. */
  private async unlessCancelled<T>(action: () => Promise<T>): Promise<T> {
    this.ports.signal.throwIfAborted();
    return action();
  }

  private async permissions(): Promise<void> {
    const { aws, plan, ports } = this;
    const { caller, bucket, role, region, name } = plan;
    ports.reporter.progress('checking permissions', 0, 0, 'checks');
    const statements = transformStatements({ ...caller, region, bucket, role, endpoint: name });
    const policy = 'recsys predict --at-aws --print-policy';
    const doubts = await checkPermissions(aws, caller, statements, policy);
    for (const doubt of [...plan.unchecked, ...doubts]) ports.reporter.warn(doubt);
  }

  private async archive(): Promise<WrittenArchive> {
    const { request, ports, asked } = this;
    const archive = await request.prepareArchive(request.packageFolder, { maxK: asked.k, verified: true });
    return archive.write(path.join(asked.scratch, 'model.tar.gz'), {
      // Equal packages are to be equal archives, so the version says nothing of these predictions.
      ...{ name: 'model', version: '1', signal: ports.signal },
      onProgress: (done, of) => ports.reporter.progress('writing the model', done, of, 'bytes'),
    });
  }

  private async upload(
    what: string,
    { needs }: Bucket,
    archive: WrittenArchive,
    name: string,
    contentType: string,
  ): Promise<void> {
    const { aws, making, plan, request, ports } = this;
    const { reporter, signal } = ports;
    const { account } = plan.caller;
    const upload = {
      ...{ archive, name, needs, account, contentType, signal, partBytes: request.partBytes },
      onProgress: (done: number, total: number): void => reporter.progress(what, done, total, 'bytes'),
    };
    await this.unlessCancelled(() => aws.try(what, () => uploadArchive(making, upload)));
  }

  private async wait(): Promise<void> {
    const { aws, plan, ports } = this;
    const { reporter, signal } = ports;
    const onStatus = (status: string, seconds: number): void =>
      reporter.progress(`the job is ${status}`, Math.round(seconds), 0, 'seconds');
    const ended = await aws.try('waiting for the batch transform job', () =>
      endedTransform(aws, plan.pieces, { signal, onStatus }),
    );
    if (ended?.status !== 'Completed') throw notTransformed(plan.pieces, ended);
  }

  /** An output has the name of its input with `.out`, in a folder that SageMaker chooses below the prefix. */
  private async download(output: string, count: number): Promise<string[]> {
    const { aws, ports, asked, plan } = this;
    const [bucket] = output.split('/');
    const keys = await aws.try('looking for what the job wrote', () => keysBelow(aws, output));
    const files: string[] = [];
    for (let at = 0; at < count; at++) {
      ports.reporter.progress('downloading', at, count, 'files');
      const key = keys.find((each) => path.posix.basename(each) === `${inputName(at)}.out`);
      if (key === undefined)
        throw new UserError(
          `The batch transform job ${plan.pieces} has written no answers for ${inputName(at)}.`,
          'Its logs are in CloudWatch, under /aws/sagemaker/TransformJobs.',
        );
      const file = path.join(asked.scratch, `${inputName(at)}.out`);
      await aws.try('downloading what the job wrote', () =>
        downloadObject(aws, `${bucket ?? ''}/${key}`, file, ports.signal),
      );
      files.push(file);
    }
    ports.reporter.progress('downloading', count, count, 'files');
    return files;
  }

  /** Takes away what was made, and gives what to tell. */
  private async undone(cause: unknown): Promise<unknown> {
    const { aws, folder, plan, ports } = this;
    const isCancelled = ports.signal.aborted;
    const error = explained(cause, aws.doing('predicting by a batch transform'));
    const outcome = isCancelled ? 'cancelled' : 'failed';
    await folder.journal.append({ type: 'ended', id: plan.id, outcome, message: error.message });
    const after = await takeAway(folder, {
      ...{ aws, saidOf, signal: ports.leaveSignal?.() },
      inform: (message) => ports.reporter.info(message),
    });
    if (isCancelled) {
      // That it was cancelled is said by the caller; what is at AWS is known here alone.
      ports.reporter.warn(after.said);
      return cause;
    }
    return failedAnd(after, error);
  }
}

/** Equal queries have equal keys, so that what was uploaded once is found again. */
function contentOf({ files }: TransformInput): string {
  const hash = createHash('sha256');
  for (const { sha256 } of files) hash.update(sha256);
  return hash.digest('hex').slice(0, 16);
}

function saidOf({ removed, remaining }: Removal): string {
  if (remaining.length > 0) return remainsText(remaining);
  return removed.length === 0 ? 'Nothing was left at AWS.' : 'What was made at AWS was taken away again.';
}
