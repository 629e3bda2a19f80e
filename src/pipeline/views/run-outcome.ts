/** What lists show of a run's steps, from all that is to be seen of it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { DataPlace, KeptOutcome, RunOutcome } from '../../protocol/run-outcome.ts';
import type { RunView } from '../../protocol/run-view.ts';
import type { ArtifactAddress } from '../flow/flow-definition.ts';
import { flowOf } from '../flows/registry.ts';
import { ownBytes } from '../store/own-bytes.ts';
import { type RunFolder, STATE } from '../store/run-folder.ts';
import { testReadsOf } from './test-reads.ts';
import { viewRun } from './view-run.ts';

export function outcomeOf(view: RunView): RunOutcome {
  const { steps, next, tunes, leading, best, bestEmbedding, headline, verdict, everything } = view;
  const reached = steps.findLast(({ state }) => state === 'succeeded')?.step;
  const stepFailure = steps.find(({ failure }) => failure !== undefined)?.failure;
  return {
    steps: steps.length,
    bytes: view.bytes - (view.mapBytes ?? 0),
    ...(reached === undefined ? {} : { reached }),
    ...(stepFailure === undefined ? {} : { stepFailure: withoutStack(stepFailure) }),
    ...(next === undefined ? {} : { next }),
    ...(tunes === undefined ? {} : { tunes }),
    ...(leading === undefined ? {} : { leading }),
    ...(best === undefined ? {} : { best }),
    ...(bestEmbedding === undefined ? {} : { bestEmbedding }),
    ...(headline === undefined ? {} : { headline }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(everything === undefined ? {} : { everything }),
  };
}

export function dataOf({ manifest: { data } }: RunView): DataPlace {
  const { path, folder } = data;
  return { path, ...(folder === undefined ? {} : { folder }) };
}

/** Lists show no stacks. */
export function withoutStack<F extends { readonly stack?: string | undefined }>({
  stack: _,
  ...failure
}: F): Omit<F, 'stack'> {
  return failure;
}

export function adoptedBy({ steps }: RunView): KeptOutcome['adopted'] {
  return steps.flatMap(({ from, path, artifacts }) =>
    from === undefined ? [] : [{ run: from, path, bytes: ownBytes(artifacts) }],
  );
}

/** The files of a run's steps that its view was made from, relative to the run's folder. */
export function filesOf({ manifest, steps }: RunView): string[] {
  const { report, profile } = flowOf(manifest.flow).shows;
  const artifacts = [report, profile].flatMap(({ step, artifact }: ArtifactAddress) => {
    const found = steps.find(({ path }) => path === step)?.artifacts.find(({ name }) => name === artifact);
    return found === undefined ? [] : [`${step}/${found.file}`];
  });
  const begun = steps.filter(({ attempt, state }) => attempt > 0 || state === 'damaged');
  return [...begun.map(({ path }) => `${path}/${STATE}`), ...artifacts];
}

/** What is kept of a run that has just ended; nothing where one of its files cannot be read. */
export function keptOutcome(run: RunFolder): KeptOutcome | undefined {
  const view = viewRun(run);
  if (view.damage.length > 0) return undefined;
  const { created } = view.manifest;
  const kept = { outcome: outcomeOf(view), data: dataOf(view), created, test: testReadsOf(run) };
  const files = ['run.json', ...filesOf(view)].map((file) => ({
    path: file,
    bytes: fs.statSync(path.join(run.folder, file)).size,
  }));
  return { ...kept, adopted: adoptedBy(view), files };
}
