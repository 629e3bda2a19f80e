/** Steps of the other flow: train → measure → report. Preparing is what all flows on sequences share. */
import * as fs from 'node:fs/promises';
import * as z from 'zod/mini';
import type { ModelSpec, RunManifest } from '../../../src/protocol/run.ts';
import { catalogueOf } from '../../../src/pipeline/data/catalogue.ts';
import { openPrepared, type PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import type { StepDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import type { StepContext } from '../../../src/pipeline/flow/step-context.ts';
import { branchOf } from '../../../src/pipeline/flows/next-item/branch-of.ts';
import { openModel } from '../../../src/pipeline/model/open-model.ts';
import { keepPackage } from '../../../src/pipeline/model/keep-package.ts';
import { PackageWriter } from '../../../src/pipeline/model/package-writer.ts';
import { newestItems } from './newest-items.ts';

/** The report: not an evaluation of next items. */
export const CoverageReport = z.object({
  format: z.literal(1),
  coverage: z.array(z.object({ model: z.string(), share: z.number(), items: z.int() })),
});
export type CoverageReport = z.infer<typeof CoverageReport>;
export const REPORT = { step: 'report', artifact: 'coverage' } as const;

const preparedOf = (context: StepContext): Promise<PreparedData> =>
  openPrepared((artifact) => context.locate('prepare', artifact));

/** A test may ask a step to take its time, so that it can be cancelled. */
async function dawdle({ manifest, signal, reporter }: StepContext): Promise<void> {
  const ticks = Number(manifest.parameters['ticks'] ?? 0);
  for (let tick = 0; tick < ticks; tick++) {
    reporter.progress('dawdling', tick, ticks, 'ticks');
    await new Promise((resolve) => setTimeout(resolve, 50));
    signal.throwIfAborted();
  }
}

export async function train(context: StepContext, { name, parameters, given }: ModelSpec): Promise<void> {
  await dawdle(context);
  const data = await preparedOf(context);
  const { seed, deterministic, threads, memoryLimit, signal, reporter, folder } = context;
  const writer = new PackageWriter((artifact, file, fill) => context.write(artifact, file, fill));
  const asked = { positions: 'last', queriesPerSequence: 0, seen: 'kept', selectBy: 'auto' } as const;
  const limits = { seed, deterministic, threads, memoryLimit, signal, reporter };
  const { metrics } = await newestItems.fit({
    ...{ ...asked, ...limits, data, parameters, given },
    ...{ members: [], write: writer.artifact },
  });
  for (const [figure, value] of Object.entries(metrics)) context.metric(figure, value);
  await keepPackage({
    ...{ name, kind: newestItems.name, parameters, given, folder, writer, seed, deterministic },
    ...{ catalogue: catalogueOf(data), seen: 'kept', queries: [Int32Array.of(0)] },
    locate: (file) => context.locate('prepare', file),
  });
}

const branches = ({ models }: RunManifest): readonly ModelSpec[] => models;
const common = { shared: false, parallel: () => false, weight: () => 1, version: '1' } as const;

export const trainStep: StepDefinition = {
  ...common,
  name: 'train',
  title: 'Train',
  needs: ['prepare'],
  uses: ['ticks', 'seed', 'deterministic'],
  foreach: branches,
  branchVersion: () => newestItems.version,
  run: (context) => train(context, branchOf(context)),
};

export const reportStep: StepDefinition = {
  ...common,
  name: 'report',
  title: 'Report',
  needs: ['prepare', 'train'],
  joins: ['train'],
  uses: [],
  async run(context) {
    const coverage: CoverageReport['coverage'] = [];
    for (const branch of context.branches('train').finished) {
      const { scorer, catalogue } = await openModel(branch.locateFolder(), { verified: true });
      const items = scorer.vocabulary;
      coverage.push({ model: branch.name, share: items / catalogue.trainCounts.length, items });
    }
    coverage.sort((a, b) => b.share - a.share);
    const report: CoverageReport = { format: 1, coverage };
    await context.write(REPORT.artifact, 'coverage.json', (file) =>
      fs.writeFile(file, JSON.stringify(report)),
    );
  },
};
