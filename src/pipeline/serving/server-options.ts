import 'fastify';
import type { ServerMetrics } from './metrics.ts';
import type { ModelSlot } from './model-slot.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What metrics call the route. */
    readonly label?: string;
    /** Whether it is answered without a token. */
    readonly open?: boolean;
  }
}

export interface ServerOptions {
  /** The model's name in paths: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  readonly slot: ModelSlot;
  readonly metrics: ServerMetrics;
  readonly maxK: number;
  /** Bytes of a request's body, at most. */
  readonly bodyLimit: number;
  readonly token?: string | undefined;
  /** Pages of this origin may read `GET /predict`. */
  readonly allowOrigin?: string | undefined;
  readonly log: (line: string) => void;
}
