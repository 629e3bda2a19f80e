import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { EvaluationReport } from '../../../src/protocol/report.ts';
import type { ModelSpec, RunManifest } from '../../../src/protocol/run.ts';
import { messageOf } from '../../../src/protocol/user-error.ts';
import { writeNpy } from '../../../src/pipeline/data/npy.ts';
import { PREPARED, type PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import type { StepDefinition } from '../../../src/pipeline/flow/flow-definition.ts';
import type { Reporter } from '../../../src/pipeline/reporter.ts';
import { hashFile } from '../../../src/pipeline/store/file-hash.ts';
import type { FinishedBranch, StepContext } from '../../../src/pipeline/flow/step-context.ts';
import { evaluateStep } from '../../../src/pipeline/flows/next-item/evaluate/evaluate-step.ts';
import { reportStep } from '../../../src/pipeline/flows/next-item/report/report-step.ts';
import { trainStep } from '../../../src/pipeline/flows/next-item/train/train-step.ts';
import { writeItemTable } from './write-item-table.ts';

interface Done {
  readonly files: Map<string, string>;
  readonly metrics: Record<string, number>;
  readonly warnings: string[];
  seconds: number;
  failure?: string;
}

export interface HarnessOptions {
  readonly data: PreparedData;
  readonly models: readonly {
    name: string;
    kind?: string;
    parameters?: ModelSpec['parameters'];
    members?: readonly string[];
  }[];
  readonly parameters?: RunManifest['parameters'];
  readonly seed?: number;
  readonly deterministic?: boolean;
  readonly threads?: number;
  readonly log?: (line: string) => void;
  /** Names of the items, for packages that are asked by name. */
  readonly names?: readonly string[];
}

/** Runs train, evaluate and report over prepared data in a temporary folder, one step after the other, without a store. */
export class StepHarness {
  readonly folder: string;
  /** Processor seconds of each step or branch. */
  readonly times = new Map<string, number>();
  private readonly options: HarnessOptions;
  private readonly models: ModelSpec[];
  private readonly done = new Map<string, Done>();

  private constructor(folder: string, options: HarnessOptions) {
    this.folder = folder;
    this.options = options;
    this.models = options.models.map(({ name, kind, parameters, members }) => ({
      name,
      kind: kind ?? name,
      parameters: parameters ?? {},
      given: Object.keys(parameters ?? {}),
      ...(members === undefined ? {} : { members: [...members] }),
    }));
  }

  static async create(options: HarnessOptions): Promise<StepHarness> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-steps-'));
    const harness = new StepHarness(folder, options);
    await harness.writePrepared();
    return harness;
  }

  /** Runs everything; a branch that fails is left out. */
  async run(): Promise<EvaluationReport> {
    for (const step of [trainStep, evaluateStep]) {
      for (const branch of this.models) await this.attempt(step, branch);
    }
    await this.runStep(reportStep);
    return EvaluationReport.parse(JSON.parse(await fs.readFile(this.file('report', 'report'), 'utf8')));
  }

  /** Runs one step of any flow, for one of the models where it is a foreach; throws what the step throws. */
  async runOne(step: StepDefinition, model?: string): Promise<void> {
    const branch = this.models.find(({ name }) => name === model);
    await this.runStep(step, branch);
  }

  /** Path of an artifact of `step` or `step/branch`. */
  file(step: string, artifact: string): string {
    const file = this.done.get(step)?.files.get(artifact);
    if (file === undefined) throw new Error(`${step} has no artifact ${artifact}`);
    return file;
  }

  failure(step: string): string | undefined {
    return this.done.get(step)?.failure;
  }

  async remove(): Promise<void> {
    await fs.rm(this.folder, { recursive: true, force: true });
  }

  private async attempt(step: StepDefinition, branch: ModelSpec): Promise<void> {
    try {
      await this.runStep(step, branch);
    } catch (error) {
      const done = this.done.get(`${step.name}/${branch.name}`);
      if (done !== undefined) done.failure = messageOf(error);
    }
  }

  private async runStep(step: StepDefinition, branch?: ModelSpec): Promise<void> {
    const key = branch === undefined ? step.name : `${step.name}/${branch.name}`;
    const done: Done = { files: new Map(), metrics: {}, warnings: [], seconds: 0 };
    this.done.set(key, done);
    const start = performance.now();
    const cpu = process.cpuUsage();
    await step.run(this.context(key, done, branch));
    done.seconds = (performance.now() - start) / 1000;
    const used = process.cpuUsage(cpu);
    this.times.set(key, (used.user + used.system) / 1e6);
  }

  /** Where a step, or a branch of one (`train/popularity`), writes its artifacts. */
  stepFolder(step: string): string {
    return path.join(this.folder, step.replace('/', '-'));
  }

  private context(key: string, done: Done, branch: ModelSpec | undefined): StepContext {
    const { options } = this;
    const reporter: Reporter = {
      progress: () => undefined,
      loss: () => undefined,
      info: (message) => options.log?.(`${key}: ${message}`),
      warn: (message) => void done.warnings.push(message),
    };
    return {
      manifest: this.manifest(),
      ...(branch === undefined ? {} : { branch }),
      threads: options.threads ?? 1,
      memoryLimit: 2048,
      seed: options.seed ?? 42,
      deterministic: options.deterministic ?? true,
      signal: new AbortController().signal,
      reporter,
      scratch: this.folder,
      locate: (step, artifact) =>
        this.done.get(step)?.files.get(artifact) ??
        this.done.get(`${step}/${branch?.name ?? ''}`)?.files.get(artifact),
      branches: (step) => this.branches(step),
      secondsUsed: 0,
      folder: this.stepFolder(key),
      locateFolder: (step) => this.stepFolder(branch === undefined ? step : `${step}/${branch.name}`),
      write: async (name, file, write) => {
        const target = path.join(this.stepFolder(key), file);
        await fs.mkdir(path.dirname(target), { recursive: true });
        await write(target);
        done.files.set(name, target);
        const { size } = await fs.stat(target);
        return { name, file, bytes: size, sha256: await hashFile(target) };
      },
      metric: (name, value) => {
        done.metrics[name] = value;
      },
    };
  }

  private branches(step: string): ReturnType<StepContext['branches']> {
    const finished: FinishedBranch[] = [];
    const failed: { name: string; message: string }[] = [];
    for (const { name } of this.models) {
      const done = this.done.get(`${step}/${name}`);
      if (done === undefined) continue;
      if (done.failure !== undefined) failed.push({ name, message: done.failure });
      else
        finished.push({
          name,
          metrics: done.metrics,
          warnings: done.warnings,
          seconds: done.seconds,
          locate: (artifact) => done.files.get(artifact),
          locateFolder: () => this.stepFolder(`${step}/${name}`),
        });
    }
    return { finished, failed };
  }

  private manifest(): RunManifest {
    return {
      format: 1,
      id: 'run',
      flow: 'next-item',
      created: '2026-01-01T00:00:00.000Z',
      data: { path: 'memory', files: [], bytes: 0, schemaHash: '', contentHash: '' },
      spec: {
        format: 'sequences',
        sequence: ['s'],
        item: ['i'],
        order: [],
        minimumLength: 3,
        sample: 1,
        split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
      },
      parameters: {
        positions: 'every:5',
        selectBy: 'auto',
        ...this.options.parameters,
      },
      given: [],
      models: this.models,
      until: 'report',
      versions: {},
      platform: 'test',
    };
  }

  private async writePrepared(): Promise<void> {
    const { layout, sequences, trainCounts, itemGroups, catalogue, sequenceClusters } = this.options.data;
    const files = new Map<string, string>();
    const at = (artifact: keyof typeof PREPARED): string => {
      const file = path.join(this.folder, PREPARED[artifact]);
      files.set(artifact, file);
      return file;
    };
    await fs.writeFile(at('layout'), JSON.stringify(layout));
    await writeNpy(at('sequenceItems'), sequences.items);
    await writeNpy(at('sequenceOffsets'), sequences.offsets);
    await writeNpy(at('trainCounts'), trainCounts);
    await writeNpy(at('catalogue'), catalogue);
    if (itemGroups !== undefined) await writeNpy(at('itemGroups'), itemGroups);
    if (sequenceClusters !== undefined) await writeNpy(at('sequenceClusters'), sequenceClusters);
    if (this.options.names !== undefined) await writeItemTable(at('items'), this.options.names);
    this.done.set('prepare', { files, metrics: {}, warnings: [], seconds: 0 });
  }
}
