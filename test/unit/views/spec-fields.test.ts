import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../../src/pipeline/cli/program.ts';
import { specChangesIn } from '../../../src/pipeline/cli/spec-options.ts';
import { wordsWith } from '../../../src/pipeline/flow/command-words.ts';
import { DatasetSpec, type DatasetSpec as Spec } from '../../../src/protocol/dataset-spec.ts';
import { changeSpec, SPEC_FIELDS, specChangesOf } from '../../../src/protocol/spec-fields.ts';

const plain: Spec = {
  ...{ format: 'csv', sequence: ['s'], item: ['i'], order: [], minimumLength: 3, sample: 1 },
  split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
};
const full: Spec = {
  ...{ format: 'jsonl', sequence: ['s', '-s'], item: ['i', 'j'], order: ['o', ' '], minimumLength: 7 },
  ...{
    sample: 0.1,
    user: '--user',
    group: 'g g',
    time: '',
    timeFormat: '%d.%m. %H:%M',
    catalogue: '-new items.csv',
  },
  split: { by: 'column', column: 'part', straddling: 'drop', ratios: [0.8, 0.15, 0.05] },
  reading: { header: false, delimiter: '\t', quote: '', encoding: 'utf-16le', key: true, listSeparator: ' ' },
};

/** What the words after `recsys run data.csv` change of a spec. */
function parsed(words: readonly string[]): ReturnType<typeof specChangesIn> {
  const program = makeProgram().configureOutput({ writeErr: () => undefined });
  const run = program.commands.find((command) => command.name() === 'run');
  if (run === undefined) throw new Error('there is no command run');
  run.configureOutput({ writeErr: () => undefined }).action(() => undefined);
  program.parse(['run', 'data.csv', ...words], { from: 'user' });
  return specChangesIn(run.opts());
}

describe('the fields of the dataset spec', () => {
  it('cover every part of it', () => {
    expect(new Set(SPEC_FIELDS.map((field) => field.of))).toEqual(new Set(Object.keys(DatasetSpec.shape)));
  });

  it.each([
    [plain, full],
    [full, plain],
  ])('make one spec of any other', (one, other) => {
    expect(changeSpec(other, specChangesOf(one))).toEqual(one);
  });
});

describe('the options of a command that makes a run again', () => {
  const data = { path: 'data.csv', files: [], bytes: 0, schemaHash: '', contentHash: '' };

  it('say that there is no order, no user, no group and no time', () => {
    expect(wordsWith('run', { data, spec: plain }, {}).join(' ')).toBe(
      'run data.csv --format csv --no-reading --sequence s --item i --no-order --no-user --no-group --no-time --no-time-format --no-catalogue ' +
        '--split sequence --ratios 0.7,0.2,0.1 --minimum-length 3 --sample-fraction 1',
    );
  });

  it.each([plain, full])('read back as the spec they were written of', (spec) => {
    const words = wordsWith('run', { data, spec }, {}).slice(2);
    expect(changeSpec(spec === plain ? full : plain, parsed(words))).toEqual(spec);
  });

  it('keep a path that begins with a dash from being an option', () => {
    expect(wordsWith('run', { data: { ...data, path: '-x.csv' }, spec: plain }, {})[1]).toBe('./-x.csv');
  });

  it('take the last word on what is given and denied', () => {
    expect(parsed(['--user', 'u', '--no-user'])).toEqual({ user: [] });
    expect(parsed(['--no-order', '--order', 'o', '--order', 'p'])).toEqual({ order: ['o', 'p'] });
  });

  it.each([
    [['--ratios', '0.5,0.5'], /three shares/],
    [['--ratios', '0.5,,0.5'], /three shares/],
    [['--ratios', '2,-1,0'], /three shares/],
    [['--minimum-length', '1'], /at least 2/],
    [['--sample-fraction', ''], /above 0/],
    [['--split', 'random'], /Allowed choices/],
    [['--format', 'xlsx'], /Allowed choices/],
    [['--split', 'user', '--split-column', 'part'], /belongs to --split column/],
  ])('refuse %s', (words, message) => {
    expect(() => parsed(words)).toThrow(message);
  });
});
