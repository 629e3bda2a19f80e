/** The command that makes a run again asks for the same work, wherever it is given. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeAsked } from '../../../src/pipeline/cli/commands/run.ts';
import { makeTuning } from '../../../src/pipeline/cli/commands/tune.ts';
import { switchesOf } from '../../../src/pipeline/cli/parameter-options.ts';
import { makeProgram } from '../../../src/pipeline/cli/program.ts';
import { readArguments } from '../../../src/pipeline/cli/read-arguments.ts';
import { fingerprintData } from '../../../src/pipeline/data/describe/fingerprint-data.ts';
import type { FlowDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import { planRun } from '../../../src/pipeline/flow/plan.ts';
import { createRun, NO_LABELS } from '../../../src/pipeline/launch/new-run.ts';
import { flows } from '../../../src/pipeline/flows/registry.ts';
import { nextItemFlow } from '../../../src/pipeline/flows/next-item/next-item-flow.ts';
import { tunableKinds } from '../../../src/pipeline/flows/tune/tune-parameters.ts';
import { tuneFlow } from '../../../src/pipeline/flows/tune/tune-flow.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { wordsWith } from '../../../src/pipeline/flow/command-words.ts';
import { wordsOf } from '../../../src/pipeline/views/command-line.ts';
import { wordsOfOutcome } from '../../../src/pipeline/flows/tune/views/tuning-view.ts';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import type { Parameter, ParameterSet } from '../../../src/protocol/parameters.ts';
import type { RunManifest } from '../../../src/protocol/run.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { patience } from '../support/patience.ts';

const folder = temporaryFolder();
const data = path.join(folder, '-it’s "data".csv');
const COLUMNS = ['s', 'i', '-j', 'u', 'g', 'time', 'part', 'o p'];
let stores = 0;
const emptyStore = (): RunStore => RunStore.open(path.join(folder, `store-${++stores}`));

beforeAll(() => {
  const rows = Array.from({ length: 60 }, (_, row) =>
    [`s${row >> 2}`, `i${row % 9}`, `j${row % 5}`, `u${row % 7}`, `g${row % 3}`, row, 'train', row].join(),
  );
  fs.writeFileSync(data, `${COLUMNS.join()}\n${rows.join('\n')}\n`);
  // Another spec of the same data, which a command that leaves something out would fall back to.
  const other: DatasetSpec = {
    ...{ format: 'csv', sequence: ['u'], item: ['g'], order: ['time'], user: 's', group: '-j', time: 'time' },
    ...{ minimumLength: 9, sample: 0.123, split: { by: 'column', column: 'part', ratios: [0.4, 0.3, 0.3] } },
  };
  const datasets = { [path.basename(data)]: other };
  fs.writeFileSync(path.join(folder, 'recsys.json'), JSON.stringify({ datasets }));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return () => vi.restoreAllMocks();
});

const columns = (least: number): fc.Arbitrary<string[]> =>
  fc.subarray(COLUMNS, { minLength: least, maxLength: 3 });
const column = fc.constantFrom(...COLUMNS);
const perhaps = (name: string): fc.Arbitrary<Partial<DatasetSpec>> =>
  fc.option(column).map((value) => (value === null ? {} : { [name]: value }));
const ratios = fc
  .tuple(fc.integer({ min: 1, max: 97 }), fc.integer({ min: 1, max: 97 }))
  .filter(([train, validation]) => train + validation < 100)
  .map(([a, b]): [number, number, number] => [a / 100, b / 100, (100 - a - b) / 100]);

const specs: fc.Arbitrary<DatasetSpec> = fc
  .record({
    named: fc
      .tuple(columns(1), columns(1), columns(0))
      .filter(([sequence, item]) => !item.every((name) => sequence.includes(name))),
    roles: fc.tuple(perhaps('user'), perhaps('group'), perhaps('time')),
    minimumLength: fc.integer({ min: 2, max: 50 }),
    sample: fc.double({ min: 0.001, max: 1, noNaN: true }),
    by: fc.constantFrom(...(['sequence', 'user', 'time', 'leave-one-out', 'column'] as const)),
    shares: ratios,
    reading: fc.constantFrom({}, { reading: { header: true, delimiter: ',' } }),
    straddling: fc.constantFrom({}, { straddling: 'drop' as const }),
    part: column,
  })
  .map(
    ({
      named: [sequence, item, order],
      roles,
      minimumLength,
      sample,
      by,
      shares,
      part,
      reading,
      straddling,
    }) => ({
      ...{ format: 'csv' as const, sequence, item, order, minimumLength, sample },
      ...Object.assign({}, ...roles),
      ...reading,
      ...(by === 'user' ? { user: 'u' } : by === 'time' ? { time: 'time' } : {}),
      split: { by, ratios: shares, ...straddling, ...(by === 'column' ? { column: part } : {}) },
    }),
  );

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  positions: ['last', 'every:3'],
  models: ['popularity,markov', 'prod2vec,session-knn,blend', 'popularity'],
  sets: ['[{"min_count":1,"name":"a"},{"window":3}]', '[ {} ]'],
  blendMembers: ['prod2vec,session-knn'],
};

function valueOf(name: string, parameter: Parameter): fc.Arbitrary<unknown> {
  switch (parameter.type) {
    case 'integer':
      return fc.integer({ min: parameter.min, max: Math.min(parameter.max, parameter.min + 1000) });
    case 'number':
      return fc.double({ min: parameter.min, max: parameter.max, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...parameter.choices);
    case 'text':
      return fc.constantFrom(...(TEXTS[name] ?? [parameter.default]));
  }
}

/** A handful of a flow's parameters with values a person may give. */
function parametersOf(
  set: ParameterSet,
  least: readonly string[] = [],
): fc.Arbitrary<Record<string, unknown>> {
  return fc.subarray(Object.keys(set), { maxLength: 6 }).chain((names) =>
    fc.record(
      Object.fromEntries(
        [...new Set([...least, ...names])].flatMap((name) => {
          const parameter = set[name];
          return parameter === undefined ? [] : [[name, valueOf(name, parameter)] as const];
        }),
      ),
    ),
  );
}

/** What a run of a spec and parameters is; undefined where they do not go together. */
async function manifestOf(
  flow: FlowDefinition,
  spec: DatasetSpec,
  given: Record<string, unknown>,
  until = flow.steps.at(-1)?.name ?? '',
): Promise<RunFolder | undefined> {
  try {
    flow.plan(given, { hasGroups: spec.group !== undefined });
  } catch {
    return undefined;
  }
  const fingerprint = await fingerprintData(data, spec);
  return createRun(emptyStore(), { flow, data: fingerprint, spec, given, until, labels: NO_LABELS });
}

/** The run that the words make in a store, read by the program itself. */
async function madeBy(store: RunStore, words: readonly string[]): Promise<RunManifest> {
  const program = makeProgram();
  const command = program.commands.find((known) => known.name() === words[0]);
  if (command === undefined) throw new Error(`no command ${words[0] ?? ''}`);
  let made: Promise<RunFolder> | undefined;
  command.action((subject: string | undefined, options: Record<string, unknown>) => {
    const flow = words[0] === 'tune' ? tuneFlow : nextItemFlow;
    const until = words[0] === 'prepare' ? 'prepare' : (flow.steps.at(-1)?.name ?? '');
    made =
      words[0] === 'tune'
        ? makeTuning(store, { flow, until, options }, subject, undefined)
        : makeAsked(store, flow, until, subject, options);
  });
  program.parse(readArguments(words, switchesOf(flows())).words, { from: 'user' });
  if (made === undefined) throw new Error('the command did nothing');
  return (await made).manifest();
}

function keysOf(flow: FlowDefinition, manifest: RunManifest): [string, string][] {
  return planRun(flow, manifest, manifest.until).map(({ path: task, key }) => [task, key]);
}

const RUNS = { numRuns: 8, seed: 11 };

describe('the command that makes a run again', () => {
  it.each([
    ['run', nextItemFlow, 'report'],
    ['prepare', nextItemFlow, 'prepare'],
    ['tune', tuneFlow, 'report'],
  ] as const)(
    'plans the same keys in an empty store, beside another recsys.json: recsys %s',
    async (name, flow, until) => {
      const least = flow === tuneFlow ? ['model', 'trials'] : [];
      const kinds = fc.constantFrom(...tunableKinds.map(({ name: kind }) => kind));
      await fc.assert(
        fc.asyncProperty(specs, parametersOf(flow.parameters, least), kinds, async (spec, values, kind) => {
          const given = flow === tuneFlow ? { ...values, model: kind } : values;
          const run = await manifestOf(flow, spec, given, until);
          fc.pre(run !== undefined);
          const manifest = run.manifest();
          const words = wordsOf(manifest);
          expect(words[0]).toBe(name);
          const again = await madeBy(emptyStore(), words);
          expect(keysOf(flow, again)).toEqual(keysOf(flow, manifest));
        }),
        RUNS,
      );
    },
    patience(60_000),
  );

  it('plans the same keys by --like, and others where something is changed', async () => {
    const spec: DatasetSpec = {
      ...{ format: 'csv', sequence: ['s'], item: ['i'], order: [], minimumLength: 2, sample: 1 },
      split: { by: 'sequence', ratios: [0.5, 0.25, 0.25] },
    };
    const run = await manifestOf(nextItemFlow, spec, { models: 'popularity,markov', seed: 7 });
    if (run === undefined) throw new Error('not made');
    const store = RunStore.open(path.dirname(path.dirname(run.folder)));
    const like = ['run', '--like', run.id];
    expect(keysOf(nextItemFlow, await madeBy(store, like))).toEqual(keysOf(nextItemFlow, run.manifest()));
    const changed = await madeBy(store, [...like, '--seed', '8', '--no-group', '--user', 'u']);
    expect(changed).toMatchObject({
      parameters: { seed: 8, models: 'popularity,markov' },
      spec: { user: 'u' },
    });
    await expect(madeBy(store, ['tune', '--like', run.id])).rejects.toThrow(/was started by 'recsys run'/);
    await expect(madeBy(store, [...like, '--from', 'train'])).rejects.toThrow(/exclude each other/);
    await expect(madeBy(store, ['run'])).rejects.toThrow('There are no data.');
  });
});

describe('the command that uses what a tuning found', () => {
  it('asks for the winner with the spec and the measures of the tuning', async () => {
    const spec: DatasetSpec = {
      ...{ format: 'csv', sequence: ['s'], item: ['i'], order: [], minimumLength: 2, sample: 1 },
      split: { by: 'sequence', ratios: [0.5, 0.25, 0.25] },
    };
    const run = await manifestOf(tuneFlow, spec, {
      model: 'session-knn',
      trials: 2,
      seed: 3,
      positions: 'last',
    });
    if (run === undefined) throw new Error('not made');
    const options = { sessionNeighbours: 17, models: 'session-knn' };
    const outcome = { format: 1 as const, metric: 'm', winner: 'w', trial: 't', options, why: '' };
    const manifest = run.manifest();
    const made = await madeBy(emptyStore(), wordsOfOutcome(manifest, outcome));
    expect(made.spec).toEqual(spec);
    expect(made.parameters).toMatchObject({ ...options, seed: 3, positions: 'last' });
    expect(wordsWith('run', manifest, {})).not.toContain('--trials');
  });
});
