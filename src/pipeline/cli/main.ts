#!/usr/bin/env node
import { CommanderError } from 'commander';
import type { FailureEvent } from '../../protocol/events.ts';
import { EXIT, UserError, messageOf, toldOf } from '../../protocol/user-error.ts';
import { STANDBY, standByFor } from './step-standby.ts';
import { plainText } from '../terminal/format.ts';
import { paintError, printJson } from '../terminal/terminal.ts';
import { flows } from '../flows/registry.ts';
import { askedFlow } from './asked-flow.ts';
import { switchesOf } from './parameter-options.ts';
import { readArguments } from './read-arguments.ts';
import { makeProgram, makeStepProgram } from './program.ts';

/** For programs that start this one and show its failures: the last line of standard error is a `FailureEvent`. */
const ERRORS_AS_JSON = '--errors=json';

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  return error instanceof UserError ? error.exitCode : EXIT.failed;
}

/** Whether the words ask for something; an option after `--` is a word like any other. */
function asks(words: readonly string[], option: string): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).includes(option);
}

function failureOf(error: unknown): FailureEvent {
  return {
    type: 'failure',
    t: Date.now(),
    message: messageOf(error).replace(/^error: /, ''),
    ...toldOf(error),
    exitCode: exitCodeOf(error),
  };
}

/** To a program as its last line, to a person as two. */
function explain(error: unknown): void {
  if (exitCodeOf(error) === EXIT.ok) return;
  if (asks(process.argv, '--json')) printJson(failureOf(error));
  if (asks(process.argv, ERRORS_AS_JSON)) process.stderr.write(`${JSON.stringify(failureOf(error))}\n`);
  else explainToPeople(error);
}

function explainToPeople(error: unknown): void {
  if (error instanceof CommanderError) return;
  process.stderr.write(`${paintError.red('Error:')} ${plainText(messageOf(error))}\n`);
  if (error instanceof UserError) process.stderr.write(`${plainText(error.hint)}\n`);
  else if (process.env['RECSYS_DEBUG'] !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
}

// A closed pipe (`recsys runs | head`) is no error, and a run goes on without a reader.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const readerGone = error.code === 'EPIPE' || (process.connected as boolean | undefined) === false;
    if (!readerGone) throw error;
  });
}

try {
  const [, , command, flag, step = ''] = process.argv;
  if (command !== 'step') {
    const given = process.argv.slice(2).filter((word) => word !== ERRORS_AS_JSON);
    const { words, helpTopic } = readArguments(given, switchesOf(flows()));
    await makeProgram(askedFlow(words), helpTopic).parseAsync(words, { from: 'user' });
  } else if (flag !== STANDBY) await makeStepProgram().parseAsync();
  else await makeStepProgram().parseAsync(await standByFor(step), { from: 'user' });
} catch (error) {
  explain(error);
  process.exitCode = exitCodeOf(error);
}
