import type {
  EngineDomain,
  EngineMethod,
  EngineParams,
  EngineReply,
  MethodOfDomain,
} from '../../../protocol/engine.ts';

/** Where an engine works. */
export interface EngineSite {
  /** The run store's folder. */
  readonly store: string;
  /** Folder up to which `recsys.json` is looked for. */
  readonly workspace: string;
  /** MiB that open models may take together. */
  readonly memory?: number | undefined;
}

/** Answers one method. It may stop when the signal says that nobody waits any more. */
export type Handler<M extends EngineMethod> = (
  params: EngineParams<M>,
  signal: AbortSignal,
) => EngineReply<M> | Promise<EngineReply<M>>;

/** What a domain's worker does. */
export type Handlers<D extends EngineDomain> = { readonly [M in MethodOfDomain<D>]: Handler<M> };
