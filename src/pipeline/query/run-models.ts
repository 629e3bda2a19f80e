import type { EngineReply } from '../../protocol/engine.ts';
import type { RunModelEntry } from '../../protocol/engine/explorer.ts';
import type { Question } from '../flow/flow-views.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { findBranches } from '../flow/inputs.ts';
import { modelFor } from './choose-model.ts';
import { nameOnEverything } from './named-training.ts';
import { trainedModels } from './run-model.ts';

/** The models of a run that can be asked, and which answer where none is named; none of these before there is a report. */
export function runModels(run: RunFolder): EngineReply<'explorer/models'> {
  const flow = flowOf(run.manifest().flow);
  const trained = trainedModels(run, flow, 'evaluated');
  const { step } = flow.shows.test;
  const names = trained.map(({ name }) => name);
  const tested = new Set(findBranches(run, step, names).finished.map(({ name }) => name));
  const isTestedWhole = run.stepState(step)?.state === 'succeeded';
  const models = trained.map(({ name }): RunModelEntry => ({
    name,
    tested: isTestedWhole || tested.has(name),
  }));
  // What has seen the test part has no figures of it.
  const forUse = trainedModels(run, flow, 'everything').map(({ name }): RunModelEntry => ({
    name: nameOnEverything(name),
    tested: false,
  }));
  const neighbours = answering(run, 'neighbours');
  const recommend = answering(run, 'recommend');
  return {
    ...{ run: run.id, models: [...models, ...forUse] },
    ...(neighbours === undefined ? {} : { neighbours }),
    ...(recommend === undefined ? {} : { recommend }),
  };
}

function answering(run: RunFolder, question: Question): string | undefined {
  try {
    return modelFor(run, question);
  } catch {
    return undefined;
  }
}
