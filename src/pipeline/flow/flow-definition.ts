import type { ParameterSet } from '../../protocol/parameters.ts';
import type { ModelSpec, RunManifest } from '../../protocol/run.ts';
import type { FlowViews } from './flow-views.ts';
import type { StepContext } from './step-context.ts';

/** A step of a flow; its code runs in a process of its own, once, or once a branch. */
export interface StepDefinition {
  readonly name: string;
  /** As people read it: `Prepare data`. */
  readonly title: string;
  /** Steps that must be finished before. */
  readonly needs: readonly string[];
  /**
   * Foreach steps among `needs` that every branch of this one needs whole, whatever their branches are called. Of other
   * foreach steps a branch needs the branch of its own name.
   */
  readonly joins?: readonly string[];
  /** Branches of a foreach; absent: the step runs once. */
  readonly foreach?: (manifest: RunManifest) => readonly ModelSpec[];
  /**
   * A branch of a model that is made of others does not wait for their branches of this step: it needs what earlier steps
   * made of them, and nothing that this one does.
   */
  readonly apart?: true;
  /** Parameters of the flow that decide this step's result; others may change without making it anew. */
  readonly uses: readonly string[];
  /** Changes whenever the step's code would give other results from the same inputs. */
  readonly version: string;
  /** Version of what a branch is made by, beside the step's own code: its model kind. */
  readonly branchVersion?: (branch: ModelSpec) => string;
  /** A finished step of any run in the store with the same key may serve (prepared data). */
  readonly shared: boolean;
  /** More threads make it faster. */
  readonly parallel: (branch: ModelSpec | undefined) => boolean;
  /** Share of the whole job's time, for the overall percentage; roughly. */
  readonly weight: (branch: ModelSpec | undefined) => number;
  /** Foreach steps of whose time its branches are told how much was used when they start. */
  readonly clocked?: (manifest: RunManifest) => readonly string[];
  /** Bytes that its process needs at least, beside Node itself, as far as it can be told before; absent: any share will do. */
  readonly memory?: (asked: MemoryAsked) => Promise<number>;
  run(context: StepContext): Promise<void>;
  /** Loads what `run` alone needs, in a process that stands by for this step. */
  readonly load?: () => Promise<unknown>;
}

/** What a step's need of memory is told from. */
export type MemoryAsked = Pick<StepContext, 'manifest' | 'branch' | 'threads' | 'locate'>;

/** A flow is data: the CLI's options, forms, the plan and the tree follow from it. */
export interface FlowDefinition {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterSet;
  /** Parameters that belong together, as the help shows them; those in none are the ones most people need. */
  readonly groups: readonly ParameterGroup[];
  /**
   * The command that starts it. There is one of each name, for all flows: which is meant, `--flow`, the run or the data
   * tell.
   */
  readonly start: { readonly name: 'run' | 'tune'; readonly help: string };
  /** Parameters that say how is measured, which a run of another flow on the same data may take over. */
  readonly measures: readonly string[];
  /** In an order in which they may run. */
  readonly steps: readonly StepDefinition[];
  /**
   * Steps that a run is whole without: their branches run when someone asks for them, of a run that is finished, and with
   * those they are made of. Nothing in `steps` needs them.
   */
  readonly onDemand?: readonly StepDefinition[];
  /** Commands that run a part of the flow: `recsys train <run>` goes on up to the step `until`. */
  readonly commands: readonly FlowCommand[];
  /** What cards, lists and queries look for, and where the flow leaves it. */
  readonly shows: FlowShows;
  readonly views: FlowViews;
  /** The flow that searches parameters for runs of this one, which `recsys tune` starts. */
  readonly search?: FlowDefinition;
  /**
   * Checks values a person gave and turns them into a run's parameters and models.
   * @throws UserError naming every bad value
   */
  plan(given: Readonly<Record<string, unknown>>, data: { readonly hasGroups: boolean }): PlannedRun;
}

export interface ParameterGroup {
  /** As the help of it is asked for: `encoder`. */
  readonly name: string;
  readonly title: string;
  /** Names of its parameters. */
  readonly parameters: readonly string[];
}

export interface FlowShows {
  readonly report: ArtifactAddress;
  readonly profile: ArtifactAddress;
  /**
   * The step whose branches, or which itself, are trained models; `refit`, that which trains them again for use, where a
   * run does; `everything`, that which trains them on all rows when it is asked for.
   */
  readonly models: { readonly step: string; readonly refit?: string; readonly everything?: string };
  /** The step that reads the test part of the data. */
  readonly test: { readonly step: string };
}

export interface PlannedRun {
  readonly parameters: RunManifest['parameters'];
  readonly models: readonly ModelSpec[];
}

export interface FlowCommand {
  readonly name: string;
  /** Last step it runs. */
  readonly until: string;
  /** What `--help` says. */
  readonly help: string;
}

export interface ArtifactAddress {
  readonly step: string;
  readonly artifact: string;
}
