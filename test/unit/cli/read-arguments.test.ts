import { describe, expect, it } from 'vitest';
import { switchesOf } from '../../../src/pipeline/cli/parameter-options.ts';
import { makeProgram } from '../../../src/pipeline/cli/program.ts';
import { readArguments } from '../../../src/pipeline/cli/read-arguments.ts';
import { flows } from '../../../src/pipeline/flows/registry.ts';

const switches = switchesOf(flows());
const words = (...given: string[]): string[] => readArguments(given, switches).words;

describe('an option that is on or off', () => {
  it.each([
    [
      ['run', '--deterministic', 'data.csv'],
      ['run', '--deterministic=true', 'data.csv'],
    ],
    [
      ['run', 'data.csv', '--deterministic'],
      ['run', 'data.csv', '--deterministic=true'],
    ],
    [
      ['run', '--deterministic=false', 'data.csv'],
      ['run', '--deterministic=false', 'data.csv'],
    ],
    [
      ['run', '--no-deterministic', 'data.csv'],
      ['run', '--deterministic=false', 'data.csv'],
    ],
    [
      ['run', '--deterministic', 'true', 'data.csv'],
      ['run', '--deterministic=true', 'data.csv'],
    ],
    [
      ['run', '--cbow-mean', 'false', 'data.csv'],
      ['run', '--cbow-mean=false', 'data.csv'],
    ],
    [
      ['run', '--deterministic', '--seed', '1', 'x'],
      ['run', '--deterministic=true', '--seed', '1', 'x'],
    ],
    [
      ['run', '--', '--deterministic'],
      ['run', '--', '--deterministic'],
    ],
    [
      ['run', '--no-order', 'data.csv'],
      ['run', '--no-order', 'data.csv'],
    ],
  ])('%j is read as %j', (given, read) => {
    expect(words(...given)).toEqual(read);
  });

  it('swallows no word after it, whichever it is', () => {
    expect(switches.size).toBeGreaterThan(5);
    for (const name of switches)
      expect(words(`--${name}`, 'data.csv')).toEqual([`--${name}=true`, 'data.csv']);
  });
});

it('no other option takes a value that need not be there', () => {
  const optional = makeProgram().commands.flatMap((command) =>
    command.options.filter((option) => option.optional).map((option) => option.long?.slice(2) ?? ''),
  );
  expect(new Set(optional)).toEqual(switches);
});

it('a topic of the help is told apart', () => {
  expect(readArguments(['run', '--help=encoder'], switches)).toEqual({
    words: ['run', '--help'],
    helpTopic: 'encoder',
  });
});
