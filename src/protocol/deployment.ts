/**
 * What a deployment leaves in the store: the journal of all that was made at AWS, and the state of the last deployment.
 * The journal tells what may still exist; the state is what people see.
 */
import * as z from 'zod/mini';
import { Failure, ProcessIdentity } from './step.ts';

/** What can be made at AWS, in the order in which it is taken away. */
export const PIECE_KINDS = [
  'stack',
  'scaling',
  'component',
  'endpoint',
  'clock',
  'endpoint-config',
  'transform',
  'model',
  'upload',
  'output',
  'object',
  'bucket',
] as const;
export type PieceKind = (typeof PIECE_KINDS)[number];

/** One thing at AWS. */
export const Piece = z.object({
  kind: z.enum(PIECE_KINDS),
  /** Unique among those of its kind in the account and region; in a bucket `<bucket>/<key>`, of an output what its keys begin with. */
  name: z.string(),
  /** Pieces that must stay as long as this one does. */
  needs: z.array(z.string()),
});
export type Piece = z.infer<typeof Piece>;

/** How the journal names a piece. */
export function pieceId({ kind, name }: Pick<Piece, 'kind' | 'name'>): string {
  return `${kind}:${name}`;
}

export const Tags = z.record(z.string(), z.string());
export type Tags = z.infer<typeof Tags>;

/** Whose model is deployed. */
export const DeployedModel = z.object({
  run: z.optional(z.string()),
  /** Whether it was trained on all rows, those of the test part too. */
  everything: z.optional(z.boolean()),
  /** Folder of a package that belongs to no run. */
  package: z.optional(z.string()),
  model: z.string(),
  kind: z.string(),
});
export type DeployedModel = z.infer<typeof DeployedModel>;

/** What an endpoint runs on. */
export const Capacity = z.discriminatedUnion('type', [
  z.object({ type: z.literal('serverless'), memory: z.int(), concurrency: z.int() }),
  z.object({ type: z.literal('instances'), instance: z.string(), count: z.int(), most: z.int() }),
  /** Instances that AWS takes away while nobody asks, and copies of the model on them, each of so many MB. */
  z.object({ type: z.literal('toZero'), instance: z.string(), most: z.int(), memory: z.int() }),
]);
export type Capacity = z.infer<typeof Capacity>;

/** Who may ask a REST front: whoever signs requests as AWS does and is allowed to, or whoever has its token. */
export const FrontAccess = z.enum(['iam', 'token']);
export type FrontAccess = z.infer<typeof FrontAccess>;

/** `done`: of predictions. */
const OUTCOMES = ['live', 'done', 'failed', 'cancelled'] as const;

/** Lines of `journal.ndjson`. What is made is written down before it is asked for, and what came of it after. */
const entries = {
  deployment: z.extend(DeployedModel, {
    type: z.literal('deployment'),
    t: z.number(),
    id: z.string(),
    account: z.string(),
    region: z.string(),
    /** Earlier versions did not write it. */
    capacity: z.optional(Capacity),
    /** Whether its lists leave out the query's own items, which a REST front has to say. */
    excludesQuery: z.optional(z.boolean()),
    /** Whether a clock at AWS is to take the endpoint away at its time; earlier versions had none. */
    clock: z.optional(z.boolean()),
  }),
  intent: z.object({ type: z.literal('intent'), t: z.number(), id: z.string(), piece: Piece, tags: Tags }),
  made: z.object({
    type: z.literal('made'),
    t: z.number(),
    piece: z.string(),
    arn: z.optional(z.string()),
    /** Of an upload its id, of an object its version, of a front's stack its address, of a clock the time that was asked. */
    handle: z.optional(z.string()),
    /** Of a front's stack; earlier versions did not write it. */
    access: z.optional(FrontAccess),
  }),
  /** AWS said no: nothing was made. */
  refused: z.object({ type: z.literal('refused'), t: z.number(), piece: z.string(), code: z.string() }),
  /** No answer, or one that tells nothing: it may be there, or come to be. */
  unsure: z.object({ type: z.literal('unsure'), t: z.number(), piece: z.string(), code: z.string() }),
  /** The endpoint is about to be given another configuration. */
  update: z.object({ type: z.literal('update'), t: z.number(), id: z.string(), config: z.string() }),
  /** The endpoint answers by this deployment's configuration. */
  live: z.object({ type: z.literal('live'), t: z.number(), id: z.string(), config: z.string() }),
  removal: z.object({ type: z.literal('removal'), t: z.number(), piece: z.string() }),
  /** Taken away, or looked for and not found. */
  gone: z.object({ type: z.literal('gone'), t: z.number(), piece: z.string() }),
  /** Not taken away, as others use it; their journals have it too. */
  left: z.object({ type: z.literal('left'), t: z.number(), piece: z.string(), why: z.string() }),
  ended: z.object({
    type: z.literal('ended'),
    t: z.number(),
    id: z.string(),
    outcome: z.enum(OUTCOMES),
    message: z.optional(z.string()),
  }),
};
export const JournalEntry = z.discriminatedUnion('type', [
  entries.deployment,
  entries.intent,
  entries.made,
  entries.refused,
  entries.unsure,
  entries.update,
  entries.live,
  entries.removal,
  entries.gone,
  entries.left,
  entries.ended,
]);
export type JournalEntry = z.infer<typeof JournalEntry>;

/** Steps of a deployment, in their order. */
export const DEPLOY_STEPS = [
  'account',
  'permissions',
  'archive',
  'upload',
  'model',
  'configuration',
  'clock',
  'endpoint',
  'wait',
  'component',
  'smoke',
  'front',
] as const;
export type DeployStep = (typeof DEPLOY_STEPS)[number];

export const DeployStepState = z.object({
  name: z.enum(DEPLOY_STEPS),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /** What it found, or is waiting for. */
  message: z.optional(z.string()),
  done: z.optional(z.number()),
  /** Absent where it is not known. */
  total: z.optional(z.number()),
  started: z.optional(z.string()),
  ended: z.optional(z.string()),
});
export type DeployStepState = z.infer<typeof DeployStepState>;

/** `state.json`: the last deployment to an endpoint, as people see it. */
export const DeploymentState = z.extend(DeployedModel, {
  format: z.literal(1),
  endpoint: z.string(),
  id: z.string(),
  account: z.string(),
  region: z.string(),
  profile: z.optional(z.string()),
  state: z.enum(['running', 'inService', 'failed', 'cancelled']),
  process: ProcessIdentity,
  started: z.string(),
  ended: z.optional(z.string()),
  steps: z.array(DeployStepState),
  capacity: Capacity,
  image: z.string(),
  bucket: z.string(),
  /** When the endpoint is to be taken away. */
  expires: z.optional(z.string()),
  failure: z.optional(Failure),
});
export type DeploymentState = z.infer<typeof DeploymentState>;

/** A line of `recsys deploy --json`. */
export const DeployEvent = z.discriminatedUnion('type', [
  z.extend(DeployStepState, { type: z.literal('step'), t: z.number() }),
  z.object({
    type: z.literal('log'),
    t: z.number(),
    level: z.enum(['info', 'warning']),
    message: z.string(),
  }),
  z.object({
    type: z.literal('deployed'),
    t: z.number(),
    endpoint: z.string(),
    account: z.string(),
    region: z.string(),
    id: z.string(),
    arn: z.string(),
    /** Milliseconds of the first and of the last smoke request. */
    milliseconds: z.array(z.number()),
    /** Where the REST front is, where there is one. */
    front: z.optional(z.string()),
    /** When it is to be taken away, and whether a clock at AWS does so. */
    expires: z.optional(z.string()),
    clock: z.optional(z.boolean()),
  }),
]);
export type DeployEvent = z.infer<typeof DeployEvent>;
