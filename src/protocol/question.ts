/**
 * Questions of a process that deploys, or predicts at AWS, to a person at a window: files in the store, which outlive the window that started it.
 * In a terminal they are asked there.
 */
import * as z from 'zod/mini';
import { Capacity, DeployedModel, FrontAccess } from './deployment.ts';
import { ProcessIdentity } from './step.ts';

const Price = z.object({ usd: z.number(), asked: z.string() });

/** What is about to be made, as a person is shown it before anything is. */
export const PlannedDeployment = z.extend(DeployedModel, {
  endpoint: z.string(),
  /** What is sent: `GraphFigures`. */
  graph: z.optional(z.object({ bytes: z.number(), numbers: z.number() })),
  account: z.string(),
  /** ARN of whom the credentials are of. */
  caller: z.string(),
  region: z.string(),
  capacity: Capacity,
  /** Dollars an hour of one instance; absent: there are none, or it is not known. */
  price: z.optional(Price),
  bucket: z.string(),
  image: z.string(),
  role: z.string(),
  expires: z.optional(z.string()),
  /** A clock at AWS is to take it away then. */
  clock: z.optional(z.boolean()),
  /** Who may ask its REST front, where it is to have one. */
  front: z.optional(FrontAccess),
});
export type PlannedDeployment = z.infer<typeof PlannedDeployment>;

/** The same of predictions by a batch transform. */
export const PlannedTransform = z.extend(DeployedModel, {
  output: z.string(),
  account: z.string(),
  caller: z.string(),
  region: z.string(),
  instance: z.string(),
  count: z.int(),
  /** Dollars an hour of all instances; absent: it is not known. */
  price: z.optional(Price),
  /** The usual instances that have room for the model, with the price of one. */
  choices: z.optional(
    z.array(
      z.object({
        instance: z.string(),
        /** MiB. */
        memory: z.int(),
        price: z.optional(Price),
      }),
    ),
  ),
  bucket: z.string(),
  image: z.string(),
  role: z.string(),
});
export type PlannedTransform = z.infer<typeof PlannedTransform>;

const kinds = {
  /** For the code that a device shows. */
  code: z.object({ kind: z.literal('code'), device: z.string() }),
  /** For a sign-in with a browser; the process sees by itself when it was done. */
  signIn: z.object({ kind: z.literal('signIn') }),
  /** For the role that the endpoint, or the job, takes. */
  role: z.object({
    kind: z.literal('role'),
    /** ARNs of those that SageMaker may take; absent: they may not be listed. */
    roles: z.optional(z.array(z.string())),
    /** What a role must be allowed, and who may take it: JSON for people. */
    policy: z.string(),
  }),
  /** Whether all this is to be made. */
  confirm: z.object({ kind: z.literal('confirm'), plan: PlannedDeployment }),
  confirmTransform: z.object({ kind: z.literal('confirmTransform'), plan: PlannedTransform }),
};

export const NewQuestion = z.discriminatedUnion('kind', [
  kinds.code,
  kinds.signIn,
  kinds.role,
  kinds.confirm,
  kinds.confirmTransform,
]);
export type NewQuestion = z.infer<typeof NewQuestion>;

const asked = {
  format: z.literal(1),
  /** Of the process that asks, which asks one question at a time. */
  id: z.string(),
  /** Which of its questions. */
  number: z.int(),
  /** What the process does, as a clause: `deploying shop`. */
  about: z.string(),
  profile: z.optional(z.string()),
  process: ProcessIdentity,
};

/** `questions/<id>.json`. */
export const Question = z.discriminatedUnion('kind', [
  z.extend(kinds.code, asked),
  z.extend(kinds.signIn, asked),
  z.extend(kinds.role, asked),
  z.extend(kinds.confirm, asked),
  z.extend(kinds.confirmTransform, asked),
]);
export type Question = z.infer<typeof Question>;

/** `questions/<id>.answer`: removed by the process as soon as it was read. */
export const Answer = z.object({
  number: z.int(),
  /** Absent: the person turned away. */
  text: z.optional(z.string()),
});
export type Answer = z.infer<typeof Answer>;
