/** Requests about endpoints: models that answer, here or elsewhere. */
import * as z from 'zod/mini';
import { Endpoint } from '../endpoint.ts';
import { EndpointChange } from '../endpoint-change.ts';
import { Prediction } from '../prediction.ts';
import { Question } from '../question.ts';
import { isRunId } from '../run-id.ts';
import { QUICK_MS, SLOW_MS, type EngineMethodEntries } from './method.ts';
import { Nothing } from './run-reference.ts';

/** What an endpoint sent back, whatever it was. */
export const InvokeReply = z.object({
  status: z.int(),
  milliseconds: z.number(),
  body: z.string(),
  /** The number of the model that answered, where it told. */
  version: z.optional(z.string()),
});
export type InvokeReply = z.infer<typeof InvokeReply>;

export const endpointMethods = {
  /**
   * The endpoints that there are, local ones first and the latest of these first, and what processes ask that deploy,
   * predict or take away, and the removals, rollbacks and predictions of files that are made or were made lately.
   */
  'endpoints/list': {
    params: Nothing,
    reply: z.object({
      endpoints: z.array(Endpoint),
      questions: z.array(Question),
      changes: z.array(EndpointChange),
      predictions: z.array(Prediction),
      /** Ids of what ended lately, and of which no window has told. */
      untold: z.array(z.string()),
    }),
    timeOut: QUICK_MS,
    cancellable: true,
  },
  'endpoints/stop': {
    params: z.object({ id: z.string() }),
    reply: Nothing,
    timeOut: SLOW_MS,
    cancellable: false,
  },
  /** Has an endpoint answer with another run's model; the reply is its new version. */
  'endpoints/swap': {
    params: z.object({ id: z.string(), run: z.string(), model: z.optional(z.string()) }),
    reply: z.object({ version: z.int() }),
    timeOut: 2 * SLOW_MS,
    cancellable: false,
  },
  /** Answers the question of a process, and waits until it has taken the answer. Without a text the person turned away. */
  'endpoints/answer': {
    params: z.object({
      id: z.string(),
      number: z.int(),
      text: z.optional(z.string().check(z.maxLength(2000))),
    }),
    reply: Nothing,
    timeOut: SLOW_MS,
    cancellable: false,
  },
  /** Asks such a process to stop, by its id; what it made is taken away by it. */
  'endpoints/cancel': {
    params: z.object({ id: z.string() }),
    reply: Nothing,
    timeOut: QUICK_MS,
    cancellable: false,
  },
  /** Says that this window tells how such a process ended; the reply is whether it is the first to do so. */
  'endpoints/tell': {
    params: z.object({ id: z.string().check(z.refine(isRunId)) }),
    reply: z.object({ first: z.boolean() }),
    timeOut: QUICK_MS,
    cancellable: false,
  },
  /** Sends a request as a client would. */
  'endpoints/invoke': {
    params: z.object({ id: z.string(), body: z.string().check(z.maxLength(1_000_000)) }),
    reply: InvokeReply,
    // A person may be asked for a code or a sign-in before.
    timeOut: 5 * SLOW_MS,
    cancellable: true,
  },
} as const satisfies EngineMethodEntries;
