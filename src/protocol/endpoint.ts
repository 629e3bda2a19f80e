/** Endpoints: models that answer requests, wherever they run. */
import * as z from 'zod/mini';

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

export const Endpoint = z.discriminatedUnion('where', [LocalEndpoint]);
export type Endpoint = z.infer<typeof Endpoint>;

/** A model's name in an endpoint's paths. */
export const ENDPOINT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
