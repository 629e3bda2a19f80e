#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, UserError, messageOf } from '../../protocol/user-error.ts';
import { STANDBY, standByFor } from './step-standby.ts';
import { plainText } from '../terminal/format.ts';
import { paintError } from '../terminal/terminal.ts';
import { flows } from '../flows/registry.ts';
import { askedFlow } from './asked-flow.ts';
import { switchesOf } from './parameter-options.ts';
import { readArguments } from './read-arguments.ts';
import { makeProgram, makeStepProgram } from './program.ts';

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  return error instanceof UserError ? error.exitCode : EXIT.failed;
}

function explain(error: unknown): void {
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
    const { words, helpTopic } = readArguments(process.argv.slice(2), switchesOf(flows()));
    await makeProgram(askedFlow(words), helpTopic).parseAsync(words, { from: 'user' });
  } else if (flag !== STANDBY) await makeStepProgram().parseAsync();
  else await makeStepProgram().parseAsync(await standByFor(step), { from: 'user' });
} catch (error) {
  explain(error);
  process.exitCode = exitCodeOf(error);
}
