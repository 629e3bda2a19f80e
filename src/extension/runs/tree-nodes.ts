/** The tree as data: what stands under what, from a store view. Knows nothing of VS Code. */
import type { BrokenRun, RunRow } from '../../protocol/run-row.ts';
import type { RunView, StepView } from '../../protocol/run-view.ts';
import type { Artifact, ShownState } from '../../protocol/step.ts';
import { parseStepPath } from '../../protocol/paths.ts';
import type { StoreStatus } from './store-model.ts';

/** A workspace folder, where there are several. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly id: string;
  readonly name: string;
  /** What it holds, in words. */
  readonly summary: string;
}
export interface RunNode {
  readonly kind: 'run';
  /** The run's folder. */
  readonly id: string;
  readonly run: RunRow;
}
/** A step; with branches, it stands for all of them. */
export interface StepNode {
  readonly kind: 'step';
  readonly id: string;
  readonly run: RunView;
  readonly step: string;
  readonly title: string;
  readonly views: readonly StepView[];
}
export interface BranchNode {
  readonly kind: 'branch';
  readonly id: string;
  readonly run: RunView;
  readonly view: StepView;
}
export interface ArtifactNode {
  readonly kind: 'artifact';
  readonly id: string;
  readonly run: RunView;
  readonly view: StepView;
  readonly artifact: Artifact;
}
/** Something that cannot be shown as a run: a broken folder, a store that cannot be read, an engine that is down. */
export interface ErrorNode {
  readonly kind: 'error';
  readonly id: string;
  readonly label: string;
  readonly message: string;
  readonly hint: string;
  readonly broken?: BrokenRun;
}
export type Node = FolderNode | RunNode | StepNode | BranchNode | ArtifactNode | ErrorNode;

/**
 * The rows of a store: errors first, then starred runs, then the others, newest first.
 * @param folder whose store it is
 */
export function rootNodes(status: StoreStatus, folder = ''): Node[] {
  if (status.kind === 'unknown') return [];
  const view = status.view;
  const runs = [...(view?.runs ?? [])]
    .sort((a, b) => Number(b.labels.starred) - Number(a.labels.starred) || (a.id < b.id ? 1 : -1))
    .map((run): Node => ({ kind: 'run', id: run.folder, run }));
  return [...engineErrors(status, folder), ...(view?.broken ?? []).map(brokenNode), ...runs];
}

function engineErrors(status: StoreStatus, folder: string): ErrorNode[] {
  if (status.kind !== 'failed') return [];
  return [
    {
      kind: 'error',
      id: `error:${folder}`,
      label: 'Runs cannot be read',
      message: status.message,
      hint: status.hint,
    },
  ];
}

function brokenNode(broken: BrokenRun): ErrorNode {
  return {
    kind: 'error',
    id: `broken:${broken.folder}`,
    label: broken.id,
    message: broken.message,
    hint: '',
    broken,
  };
}

/** Whether there are rows below a row. */
export function hasChildren(node: Node): boolean {
  return node.kind === 'run' ? node.run.steps > 0 : childNodes(node).length > 0;
}

/** The rows below a row; those of a run are made from its details, those of a folder are its store's. */
export function childNodes(node: Exclude<Node, RunNode>): Node[] {
  switch (node.kind) {
    case 'step':
      return hasBranches(node)
        ? node.views.map((view) => branchNode(node.run, view))
        : node.views.flatMap((view) => artifactNodes(node.run, view));
    case 'branch':
      return artifactNodes(node.run, node.view);
    case 'artifact':
    case 'error':
    case 'folder':
      return [];
  }
}

/** The rows below that of a run. */
export function stepNodes(run: RunView): StepNode[] {
  const byStep = new Map<string, StepView[]>();
  for (const view of run.steps) byStep.set(view.step, [...(byStep.get(view.step) ?? []), view]);
  return [...byStep].map(([step, views]) => ({
    kind: 'step',
    id: `${run.folder}/${step}`,
    run,
    step,
    title: stepTitle(views),
    views,
  }));
}

function stepTitle(views: readonly StepView[]): string {
  const first = views[0];
  if (first === undefined) return '';
  return first.branch === undefined ? first.title : capitalized(first.step);
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function branchNode(run: RunView, view: StepView): BranchNode {
  return { kind: 'branch', id: `${run.folder}/${view.path}`, run, view };
}

function artifactNodes(run: RunView, view: StepView): ArtifactNode[] {
  return view.artifacts.map((artifact) => ({
    kind: 'artifact',
    id: `${run.folder}/${view.path}#${artifact.file}`,
    run,
    view,
    artifact,
  }));
}

export function hasBranches(node: StepNode): boolean {
  return node.views.some((view) => parseStepPath(view.path).branch !== undefined);
}

const WORST_FIRST: readonly ShownState[] = [
  'running',
  'failed',
  'damaged',
  'interrupted',
  'cancelled',
  'pending',
  'succeeded',
  'skipped',
];

/** The state of several branches as one: running while any runs, failed when any failed. */
export function combinedState(views: readonly StepView[]): ShownState {
  return WORST_FIRST.find((state) => views.some((view) => view.state === state)) ?? 'pending';
}
