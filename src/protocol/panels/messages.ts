/** The envelopes of all messages between a page and the extension; what is inside them is the contract's. */
import * as z from 'zod/mini';

const id = z.int().check(z.nonnegative());
/** Something was received that is no message of the panel. Never answered, so that two sides cannot go on for ever. */
const Problem = z.object({ type: z.literal('problem'), message: z.string() });

export const PageMessage = z.discriminatedUnion('type', [
  /** The page was loaded, or loaded again, and listens. */
  z.object({ type: z.literal('ready'), version: z.int() }),
  z.object({ type: z.literal('request'), id, method: z.string(), params: z.unknown() }),
  /** The page no longer waits for a reply. */
  z.object({ type: z.literal('cancel'), id }),
  Problem,
]);
export type PageMessage = z.infer<typeof PageMessage>;

export const HostMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reply'), id, value: z.unknown() }),
  z.object({ type: z.literal('failure'), id, message: z.string(), hint: z.optional(z.string()) }),
  z.object({ type: z.literal('event'), name: z.string(), payload: z.unknown() }),
  Problem,
]);
export type HostMessage = z.infer<typeof HostMessage>;

const LONGEST = 300;

/** A value as a log may hold it, and what is wrong with it. */
export function describeProblem(what: string, value: unknown, error?: z.core.$ZodError): string {
  const issue = error?.issues[0];
  const where = issue === undefined ? '' : ` (${[...issue.path.map(String), issue.message].join(': ')})`;
  return `${what}${where}: ${shorten(value)}`;
}

function shorten(value: unknown): string {
  try {
    const text = ArrayBuffer.isView(value)
      ? `${value.constructor.name} of ${value.byteLength} bytes`
      : (JSON.stringify(value) as string | undefined);
    return (text ?? String(value)).slice(0, LONGEST);
  } catch {
    return typeof value;
  }
}
