/** Messages between the extension and the result card's webview. */
import * as z from 'zod/mini';
import { CardData } from './run-view.ts';

export const ToCard = z.discriminatedUnion('type', [
  z.object({ type: z.literal('data'), data: CardData }),
  z.object({ type: z.literal('failed'), message: z.string(), hint: z.optional(z.string()) }),
]);
export type ToCard = z.infer<typeof ToCard>;

export const FromCard = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('copyCommand') }),
  z.object({ type: z.literal('openLog'), path: z.string() }),
  z.object({ type: z.literal('cancel') }),
  z.object({ type: z.literal('resume') }),
]);
export type FromCard = z.infer<typeof FromCard>;
