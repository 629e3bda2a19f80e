/** A small flow for tests of the driver: prepare → train (foreach) → measure (foreach) → join; on demand, again (foreach). Each step writes a file. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { integer } from '../../../src/protocol/parameters.ts';
import type { ModelSpec, RunManifest } from '../../../src/protocol/run.ts';
import type { FlowDefinition, StepDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import { Skipped } from '../../../src/pipeline/flow/skipped.ts';
import type { StepContext } from '../../../src/pipeline/flow/step-context.ts';

/** What a branch does, by its parameters: `skip`, `fail`, `die`, `deaf` (ignores a stop), `wait` (milliseconds), `until` (a file is there), `memory` (bytes), `weight`. */
export type Behaviour = Readonly<Record<string, number | boolean | string>>;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('stopped'));
    });
  });
}

async function behave(context: StepContext, behaviour: Behaviour): Promise<void> {
  const once = behaviour['unless'];
  if (typeof once === 'string' && fs.existsSync(once)) return;
  if (behaviour['skip'] === true) throw new Skipped('nothing to do');
  if (behaviour['fail'] === true) throw new Error('told to fail');
  if (behaviour['die'] === true) process.kill(process.pid, 'SIGKILL');
  if (behaviour['deaf'] === true) await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (typeof behaviour['wait'] === 'number') await pause(behaviour['wait'], context.signal);
  const awaited = behaviour['until'];
  while (typeof awaited === 'string' && !fs.existsSync(awaited)) await pause(20, context.signal);
}

function step(
  name: string,
  needs: readonly string[],
  uses: readonly string[],
  more: Partial<StepDefinition> = {},
): StepDefinition {
  return {
    name,
    title: name,
    needs,
    uses,
    version: '1',
    shared: false,
    parallel: () => false,
    weight: () => 1,
    async run(context) {
      context.reporter.progress(`${name}ing`, 1, 2, 'things');
      await behave(context, context.branch?.parameters ?? {});
      const inputs = needs.map((need) => {
        const file = context.locate(need, 'result');
        return file === undefined ? null : path.basename(path.dirname(file));
      });
      const branches = needs.map((need) => context.branches(need).finished.map((branch) => branch.name));
      const used = uses.map((use) => context.manifest.parameters[use]);
      const result = { name, branch: context.branch?.name, inputs, branches, used };
      await context.write('result', 'result.json', (file) => fs.writeFileSync(file, JSON.stringify(result)));
      context.metric('made', 1);
    },
    ...more,
  };
}

const foreach = (manifest: RunManifest): readonly ModelSpec[] => manifest.models;

export const toyFlow: FlowDefinition = {
  name: 'toy',
  title: 'Toy',
  parameters: {
    a: integer({ default: 1, min: 0, max: 10, help: 'Of prepare.' }),
    b: integer({ default: 1, min: 0, max: 10, help: 'Of train.' }),
    c: integer({ default: 1, min: 0, max: 10, help: 'Of join.' }),
  },
  groups: [],
  measures: [],
  start: { name: 'run', help: '' },
  steps: [
    step('prepare', [], ['a'], { shared: true }),
    step('train', ['prepare'], ['b'], {
      foreach,
      parallel: () => true,
      weight: (branch) => Number(branch?.parameters['weight'] ?? 1),
      memory: ({ branch }) => Promise.resolve(Number(branch?.parameters['memory'] ?? 0)),
    }),
    step('measure', ['prepare', 'train'], [], { foreach }),
    step('join', ['prepare', 'measure'], ['c']),
  ],
  onDemand: [step('again', ['train', 'join'], [], { foreach })],
  commands: [
    { name: 'prepare', until: 'prepare', help: '' },
    { name: 'finish', until: 'join', help: '' },
  ],
  shows: {
    report: { step: 'join', artifact: 'result' },
    profile: { step: 'prepare', artifact: 'result' },
    models: { step: 'train' },
    test: { step: 'measure' },
  },
  views: {
    headline: () => ({}),
    card: () => ({}),
    json: () => ({}),
    model: (run) => run.manifest().models[0]?.name ?? '',
  },
  plan: (given) => ({
    parameters: { a: 1, b: 1, c: 1, ...(given as RunManifest['parameters']) },
    models: [model('one'), model('two')],
  }),
};

export function model(name: string, parameters: Behaviour = {}): ModelSpec {
  return { name, kind: 'toy', parameters, given: [] };
}
