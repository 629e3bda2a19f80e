/** A flow of another kind, and the one that searches its parameters; only tests register them. */
import { integer, type ParameterSet } from '../../../src/protocol/parameters.ts';
import type { CardSection } from '../../../src/protocol/panels/section.ts';
import type { ModelSpec, RunManifest } from '../../../src/protocol/run.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import type { FlowDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import type { FlowViews } from '../../../src/pipeline/flow/flow-views.ts';
import { readArtifact } from '../../../src/pipeline/flow/read-artifact.ts';
import { prepareStep } from '../../../src/pipeline/flows/next-item/prepare/prepare-step.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { newestItems } from './newest-items.ts';
import { CoverageReport, REPORT, reportStep, trainStep } from './steps.ts';

const parameters = {
  seed: integer({ default: 1, min: 0, max: 100, help: 'Seed of the split.' }),
  depth: integer({ default: 5, min: 1, max: 1000, help: 'Items of the larger model.' }),
  ticks: integer({ default: 0, min: 0, max: 1000, help: 'How long training dawdles.' }),
} satisfies ParameterSet;

const model = (name: string, depth: number): ModelSpec => ({
  ...{ name, kind: newestItems.name, parameters: { depth }, given: [] },
});

const reportOf = (run: RunFolder): CoverageReport | undefined => readArtifact(run, REPORT, CoverageReport);

function section({ coverage }: CoverageReport): CardSection {
  const [best] = coverage;
  return {
    title: 'How much of the catalogue is covered',
    tab: 'results',
    blocks: [
      { type: 'figures', figures: [{ label: 'Coverage', value: best?.share ?? 0, form: 'share' }] },
      {
        type: 'table',
        caption: 'Coverage of each model',
        columns: [{ label: 'Model' }, { label: 'Items', form: 'count' }],
        rows: coverage.map(({ model: name, items }) => [name, items]),
      },
    ],
  };
}

const views: FlowViews = {
  headline(run) {
    const [best] = reportOf(run)?.coverage ?? [];
    return best === undefined
      ? {}
      : { best: best.model, headline: { metric: 'coverage', value: best.share } };
  },
  card(run) {
    const report = reportOf(run);
    return report === undefined ? {} : { sections: [section(report)] };
  },
  json: (run) => ({ coverage: reportOf(run)?.coverage ?? null }),
  model(run) {
    const [best] = reportOf(run)?.coverage ?? [];
    if (best === undefined) throw new UserError('There is no report yet.', 'Wait for it.');
    return best.model;
  },
};

const shared = {
  measures: ['seed'],
  groups: [],
  steps: [prepareStep, trainStep, reportStep],
  shows: {
    report: REPORT,
    profile: { step: 'prepare', artifact: 'profile' },
    models: { step: 'train' },
    test: { step: 'report' },
  },
} as const;

/** Tries depths; each trial is a model. */
export const coverageSearch: FlowDefinition = {
  ...shared,
  name: 'coverage-search',
  title: 'Search of a depth',
  parameters: {
    ...parameters,
    trials: integer({ default: 3, min: 1, max: 9, help: 'Depths to try.' }),
  },
  start: { name: 'tune', help: 'Tries depths.' },
  commands: [],
  views: {
    ...views,
    standing: (_: RunManifest, steps) => {
      const [best] = steps
        .filter(({ step, state }) => step === 'train' && state === 'succeeded')
        .map(({ path, metrics }) => ({ path, metric: 'items', value: metrics['items'] ?? 0 }))
        .sort((a, b) => b.value - a.value);
      return { tunes: newestItems.name, ...(best === undefined ? {} : { leading: best }) };
    },
    tunable: [newestItems],
  },
  plan: (given) => {
    const trials = Number(given['trials'] ?? 3);
    return {
      parameters: { seed: 1, depth: 5, ticks: 0, trials, ...(given as RunManifest['parameters']) },
      models: Array.from({ length: trials }, (_, at) => model(`depth-${at + 1}`, at + 1)),
    };
  },
};

export const coverageFlow: FlowDefinition = {
  ...shared,
  name: 'coverage',
  title: 'Coverage of the catalogue',
  parameters,
  start: { name: 'run', help: 'Trains two models and tells how much they cover.' },
  commands: [
    { name: 'prepare', until: 'prepare', help: 'Prepares.' },
    { name: 'train', until: 'train', help: 'Trains.' },
    { name: 'evaluate', until: 'report', help: 'Reports.' },
  ],
  views,
  search: coverageSearch,
  plan: (given) => {
    const values = { seed: 1, depth: 5, ticks: 0, ...(given as RunManifest['parameters']) };
    return { parameters: values, models: [model('one', 1), model('more', values.depth)] };
  },
};
