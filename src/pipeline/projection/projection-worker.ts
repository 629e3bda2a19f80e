/** A thread that makes one picture, or finds clusters, and ends. It is ended from outside when nobody waits any more. */
import { parentPort, workerData } from 'node:worker_threads';
import { TRUST_NEIGHBOURS, type ProjectionMethod, type ProjectionStage } from '../../protocol/projection.ts';
import { messageOf } from '../../protocol/user-error.ts';
import { seedFor } from '../seeded-random.ts';
import type { MadeProjection, ProjectionMessage, ProjectionOrder } from './projection-messages.ts';
import type { Projector, ProjectorInput } from './projector.ts';
import { trustSample, trustworthiness } from './trustworthiness.ts';

/** A picture is shown about so often. */
const PICTURE_MS = 200;

const order = workerData as ProjectionOrder;

function say(message: ProjectionMessage): void {
  parentPort?.postMessage(message);
}

function tell(stage: ProjectionStage, { epoch, epochs }: Pick<Projector, 'epoch' | 'epochs'>): void {
  say({ type: 'progress', progress: { stage, epoch, epochs } });
}

/** Methods are loaded only where they are asked for. */
async function projectorOf(method: ProjectionMethod, input: ProjectorInput): Promise<Projector> {
  switch (method) {
    case 'pca':
      return (await import('./pca.ts')).pca(input);
    case 'umap':
      return (await import('./umap.ts')).umap(input);
    case 'tsne':
      return (await import('./tsne.ts')).tsne(input);
  }
}

async function project(method: ProjectionMethod): Promise<MadeProjection> {
  tell('neighbours', { epoch: 0, epochs: 0 });
  const projector = await projectorOf(method, order);
  let shown = -Infinity;
  while (projector.epoch < projector.epochs) {
    projector.run(projector.epoch + 1);
    if (performance.now() - shown < PICTURE_MS) continue;
    shown = performance.now();
    const progress = { stage: 'settling', epoch: projector.epoch, epochs: projector.epochs } as const;
    say({ type: 'progress', progress, positions: projector.positions() });
  }
  tell('measuring', projector);
  const positions = projector.positions();
  return { positions, ...(await measure(positions, method)) };
}

async function measure(
  positions: Float32Array,
  method: ProjectionMethod,
): Promise<Pick<MadeProjection, 'quality'>> {
  const { values, dimension, seed } = order;
  const { principalComponents } = await import('./pca.ts');
  const plain = method === 'pca' ? positions : principalComponents({ values, dimension });
  const sample = trustSample(positions.length / 2, seedFor(seed, 'trustworthiness'));
  const figures = trustworthiness(values, dimension, [positions, plain], TRUST_NEIGHBOURS, sample);
  if (figures === undefined) return {};
  const [own = 0, pca = 0] = figures;
  return {
    quality: { neighbours: TRUST_NEIGHBOURS, sampled: sample.length, trustworthiness: own, pca },
  };
}

async function carryOut(): Promise<ProjectionMessage> {
  const { task, values, dimension, seed } = order;
  if (task !== 'clusters') return { type: 'projected', made: await project(task) };
  const { clustersOf } = await import('./clusters.ts');
  return { type: 'clustered', ...clustersOf(values, dimension, seedFor(seed, 'clusters')) };
}

carryOut().then(say, (error: unknown) => say({ type: 'failed', message: messageOf(error) }));
