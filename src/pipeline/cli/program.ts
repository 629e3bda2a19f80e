import { Command } from 'commander';
import { showHelpByTopic } from './help-topics.ts';
import { askedFlow } from './asked-flow.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { versions } from '../launch/versions.ts';
import { addCancelCommand } from './commands/cancel.ts';
import { addCardCommand } from './commands/card.ts';
import { addCleanCommand } from './commands/clean.ts';
import { addContinueCommand } from './commands/continue.ts';
import { addDeployCommand } from './commands/deploy.ts';
import { addDescribeCommand } from './commands/describe.ts';
import { addEndpointCommand } from './commands/endpoint.ts';
import { addEngineCommand } from './commands/engine.ts';
import { addExportCommand } from './commands/export.ts';
import { addLabelCommand } from './commands/label.ts';
import { addLogsCommand } from './commands/logs.ts';
import { addMapCommand } from './commands/map.ts';
import { addNeighboursCommand } from './commands/neighbours.ts';
import { addPredictCommand } from './commands/predict.ts';
import { addRecommendCommand } from './commands/recommend.ts';
import { addRefitCommand } from './commands/refit.ts';
import { addResumeCommand } from './commands/resume.ts';
import { addRestoreCommand, addRmCommand } from './commands/rm.ts';
import { addRunCommand } from './commands/run.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addServeCommand } from './commands/serve.ts';
import { addShowCommand } from './commands/show.ts';
import { addStepCommand } from './commands/step.ts';
import { addTuneCommand } from './commands/tune.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no such run, item or file, 130 cancelled.
A run is named by its id, an unambiguous beginning of it, its name, or "latest".`;

function emptyProgram(): Command {
  return new Command('recsys')
    .description(
      'From a file of playlists, baskets or sessions to item embeddings, an honest evaluation and neighbours.',
    )
    .version(versions()['recsys'] ?? '')
    .showHelpAfterError('(see recsys <command> --help)')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
}

/** The command line of a step's process alone: a run starts many, and building the other commands would hold up each. */
export function makeStepProgram(): Command {
  const program = emptyProgram();
  addStepCommand(program);
  return program;
}

/**
 * The whole command line.
 * @param flow what its commands start and go on with; their options follow from its definition
 * @param helpTopic what `--help` is to show, where a topic was asked for
 */
export function makeProgram(flow: FlowDefinition = askedFlow([]), helpTopic?: string): Command {
  const program = emptyProgram();
  showHelpByTopic(program, helpTopic);
  const [first, ...later] = flow.commands;
  const last = flow.steps.at(-1)?.name ?? '';
  addRunCommand(program, flow, flow.start.name, last, flow.start.help);
  if (first !== undefined) addRunCommand(program, flow, first.name, first.until, first.help);
  for (const command of later) addContinueCommand(program, flow, command);
  if (flow.search !== undefined) addTuneCommand(program, flow.search);
  for (const add of [
    addRunsCommand,
    addShowCommand,
    addResumeCommand,
    addRefitCommand,
    addCancelCommand,
    addLogsCommand,
    addRmCommand,
    addRestoreCommand,
    addLabelCommand,
    addCleanCommand,
  ])
    add(program);
  for (const add of [
    addNeighboursCommand,
    addRecommendCommand,
    addPredictCommand,
    addCardCommand,
    addMapCommand,
    addExportCommand,
    addDeployCommand,
    addEndpointCommand,
    addServeCommand,
    addDescribeCommand,
    addStepCommand,
    addEngineCommand,
  ])
    add(program);
  return program;
}
