/** Requests about what kinds of models there are. */
import * as z from 'zod/mini';
import { QUICK_MS, type EngineMethodEntries } from './method.ts';
import { Nothing } from './run-reference.ts';

/** A kind of model whose parameters can be searched. */
export const TunableKind = z.object({ name: z.string(), title: z.string(), description: z.string() });
export type TunableKind = z.infer<typeof TunableKind>;

export const modelMethods = {
  'models/tunable': {
    params: Nothing,
    reply: z.object({ kinds: z.array(TunableKind) }),
    timeOut: QUICK_MS,
    cancellable: true,
  },
} as const satisfies EngineMethodEntries;
