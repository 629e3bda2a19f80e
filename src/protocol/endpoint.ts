/** Endpoints: models that answer requests, wherever they run. */
import * as z from 'zod/mini';
import { Capacity, FrontAccess } from './deployment.ts';
import { EndpointChange } from './endpoint-change.ts';
import { Failure } from './failure.ts';

/** What an endpoint answers with. */
export const EndpointModel = z.object({
  model: z.string(),
  kind: z.string(),
  /** Whose model it is: a run's, by its id, or that of a package by itself, by its folder. */
  run: z.optional(z.string()),
  package: z.optional(z.string()),
  /** It is the run's model that was trained on all rows. */
  everything: z.optional(z.literal(true)),
});
export type EndpointModel = z.infer<typeof EndpointModel>;

/** What a server has counted of predictions. */
export const EndpointFigures = z.object({
  requests: z.number(),
  /** Those that were not answered as asked. */
  errors: z.number(),
  /** Milliseconds; absent before there was a request. */
  p50: z.optional(z.number()),
  p95: z.optional(z.number()),
});
export type EndpointFigures = z.infer<typeof EndpointFigures>;

/** A server on this machine. */
export const LocalEndpoint = z.object({
  where: z.literal('local'),
  /** Unique within the store. */
  id: z.string(),
  name: z.string(),
  url: z.string(),
  pid: z.int(),
  answering: EndpointModel,
  version: z.int(),
  /** ISO times: of the server's start, and of when this model began to answer. */
  started: z.string(),
  since: z.string(),
  /** Requests need a token. */
  protected: z.boolean(),
  /** What `recommend` may be asked for at most. */
  maxK: z.int(),
  /** It takes newer runs of its data by itself. */
  watches: z.boolean(),
  /** Absent: it did not tell, as where it needs a token. */
  figures: z.optional(EndpointFigures),
});
export type LocalEndpoint = z.infer<typeof LocalEndpoint>;

/** What of a deployment is under way. */
export const DeployActivity = z.object({
  /** Id of the deployment. */
  id: z.string(),
  step: z.string(),
  message: z.optional(z.string()),
  /** Of all steps, from 0 to 1; it never falls. */
  fraction: z.number(),
});
export type DeployActivity = z.infer<typeof DeployActivity>;

/** An endpoint at Amazon SageMaker, as the store knows it: AWS was not asked. */
export const SageMakerEndpoint = z.object({
  where: z.literal('sagemaker'),
  /** Unique within the store, and never that of a local one. */
  id: z.string(),
  name: z.string(),
  /**
   * `deploying`: a process deploys to it now. `left`: nothing answers, and pieces may still be there. `ended`: the last
   * deployment came to nothing, and left nothing.
   */
  state: z.enum(['deploying', 'inService', 'left', 'ended', 'damaged']),
  account: z.optional(z.string()),
  region: z.optional(z.string()),
  /** With which it was deployed last; absent: the environment's credentials. */
  profile: z.optional(z.string()),
  /** What answers; absent where nothing does, or it is not known what. */
  answering: z.optional(EndpointModel),
  /** What the last deployment was to have it answer with. */
  deployed: z.optional(EndpointModel),
  /** What it can be rolled back to. */
  earlier: z.optional(EndpointModel),
  /** Of what answers. */
  capacity: z.optional(Capacity),
  /** Its inference component, where it scales to zero: whoever asks it must name that. */
  component: z.optional(z.string()),
  /** ISO time since when this model answers. */
  since: z.optional(z.string()),
  /** Where its REST front answers. */
  front: z.optional(z.string()),
  /** Who may ask it; absent where an earlier version made it. */
  frontAccess: z.optional(FrontAccess),
  /** ISO time at which it is to be taken away. */
  expires: z.optional(z.string()),
  /** A clock at AWS does so; else the next deployment or sweep. */
  clock: z.optional(z.literal(true)),
  /** Nothing answers any more, as its time was over. */
  ranOut: z.optional(z.literal(true)),
  /** What may exist at AWS, in words. */
  pieces: z.array(z.string()),
  activity: z.optional(DeployActivity),
  /** Id of the last deployment. */
  deployment: z.optional(z.string()),
  /** Why the last deployment came to nothing, or what of its files cannot be read. */
  failure: z.optional(Failure),
  /** What was to be taken away and did not go wholly; `failure` is about it then. */
  removal: z.optional(z.enum(['endpoint', 'front'])),
  /** What a process does to it now. */
  changing: z.optional(EndpointChange.shape.what),
  /** A person stopped the last deployment. */
  cancelled: z.optional(z.literal(true)),
  /** What `recommend` may be asked for at most. */
  maxK: z.int(),
});
export type SageMakerEndpoint = z.infer<typeof SageMakerEndpoint>;

export const Endpoint = z.discriminatedUnion('where', [LocalEndpoint, SageMakerEndpoint]);
export type Endpoint = z.infer<typeof Endpoint>;

/** A model's name in an endpoint's paths. */
export const ENDPOINT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
