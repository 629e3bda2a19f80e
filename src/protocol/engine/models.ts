/** Requests about what kinds of models there are. */
import * as z from 'zod/mini';
import { QUICK_MS, type EngineMethodEntries } from './method.ts';
import { Nothing } from './run-reference.ts';

/** A kind of model whose parameters can be searched. */
export const TunableKind = z.object({ name: z.string(), title: z.string(), description: z.string() });
export type TunableKind = z.infer<typeof TunableKind>;

/** A kind of model that a run can train, and whether it does where no models are named. */
export const ModelKindEntry = z.object({ ...TunableKind.shape, byDefault: z.boolean() });
export type ModelKindEntry = z.infer<typeof ModelKindEntry>;

export const modelMethods = {
  'models/kinds': {
    params: Nothing,
    reply: z.object({ kinds: z.array(ModelKindEntry) }),
    timeOut: QUICK_MS,
    cancellable: true,
  },
  'models/tunable': {
    params: Nothing,
    reply: z.object({ kinds: z.array(TunableKind) }),
    timeOut: QUICK_MS,
    cancellable: true,
  },
} as const satisfies EngineMethodEntries;
