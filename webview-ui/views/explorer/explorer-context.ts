/** What every part of the explorer is drawn from: what was answered, what a person chose, and what can be done. */
import type { EngineReply } from '../../../src/protocol/engine.ts';
import type { ModelReference } from '../../../src/protocol/engine/explorer.ts';
import type { explorerPanel, ExplorableRun, ExplorerState } from '../../../src/protocol/panels/explorer.ts';
import type { StringName } from '../../../src/protocol/panels/contract.ts';
import type { RequestFailed } from '../../kit/request-failed.ts';

export type Text = (name: StringName<typeof explorerPanel>, ...values: readonly string[]) => string;

/** An answer that is there, comes or does not come. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly failure: RequestFailed | undefined;
  readonly isWaiting: boolean;
}

export type FoundItems = EngineReply<'items/search'>;
export type RunModels = EngineReply<'explorer/models'>;

export interface Answers {
  readonly models: Answer<RunModels>;
  readonly besideModels: Answer<RunModels>;
  readonly item: Answer<EngineReply<'explorer/item'>>;
  readonly neighbours: Answer<EngineReply<'explorer/list'>>;
  readonly sequences: Answer<EngineReply<'explorer/sequences'>>;
  readonly recommendations: Answer<EngineReply<'explorer/list'>>;
  readonly why: Answer<EngineReply<'explorer/why'>>;
  readonly queries: Answer<EngineReply<'explorer/queries'>>;
}

export interface ExplorerActions {
  readonly visit: (item: string) => void;
  readonly pin: (item: string) => void;
  readonly unpin: (item: string) => void;
  readonly openList: (items: readonly string[]) => void;
  readonly openCard: (run: string) => void;
  readonly openMap: (run: string, model: string | undefined) => void;
  /** Sets a new state. */
  readonly change: (change: (state: ExplorerState) => ExplorerState) => void;
  readonly search: (text: string, signal: AbortSignal) => Promise<FoundItems>;
  /** Asks again what failed. */
  readonly tryAgain: () => void;
  /** Has screen readers say something. */
  readonly say: (what: string) => void;
}

export interface ExplorerContext {
  /** Undefined before the extension has told. */
  readonly runs: readonly ExplorableRun[] | undefined;
  /** What answers: what was chosen, or what answers where nothing is. */
  readonly asked: ModelReference;
  readonly state: ExplorerState;
  readonly answers: Answers;
  readonly text: Text;
  readonly actions: ExplorerActions;
}
