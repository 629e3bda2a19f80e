/** Stores of many finished runs of eleven models, made without training: one run as the pipeline leaves it, and copies. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { syntheticCard } from '../test/fixtures/synthetic-card.ts';
import type { KeptOutcome } from '../src/protocol/run-outcome.ts';
import type { RunManifest } from '../src/protocol/run.ts';
import type { Artifact, DriverState, StepState } from '../src/protocol/step.ts';
import { planRun } from '../src/pipeline/flow/plan.ts';
import { flowOf } from '../src/pipeline/flows/registry.ts';
import { ownIdentity } from '../src/pipeline/store/process-identity.ts';
import { DRIVER, type RunFolder } from '../src/pipeline/store/run-folder.ts';
import { RunStore } from '../src/pipeline/store/run-store.ts';
import { keptOutcome } from '../src/pipeline/views/run-outcome.ts';

const FLOW = flowOf('next-item');
const CARD = syntheticCard();
const PROFILE = JSON.stringify(CARD.profile);
const REPORT = JSON.stringify(CARD.report);
const { parameters, models } = FLOW.plan({}, { hasGroups: true });
/** The same of every copy. */
let kept: KeptOutcome | undefined;
const UNTIL = 'report';
/** A second apart, from this day on. */
const FIRST_DAY = Date.UTC(2026, 0, 1);

export function idOf(place: number): string {
  const digits = new Date(FIRST_DAY + place * 1000).toISOString().replace(/[-:.Z]/g, '');
  return `${digits.replace('T', '-')}-copy`;
}

function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function manifestOf(id: string): RunManifest {
  const { manifest } = CARD.run;
  return { ...manifest, id, flow: FLOW.name, parameters, models: [...models], until: UNTIL };
}

/** What the two steps that lists read left, as bytes. */
function contentOf(path: string): Record<string, string> {
  if (path === FLOW.shows.profile.step) return { profile: PROFILE };
  return path === FLOW.shows.report.step ? { report: REPORT } : { model: path };
}

function artifactsOf(path: string): Artifact[] {
  return Object.entries(contentOf(path)).map(([name, content]) => ({
    name,
    file: `${name}.json`,
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
}

function stepState(id: string, path: string, key: string, moment: string): StepState {
  return {
    ...{ format: 1, run: id, path, key, attempt: 1, state: 'succeeded', process: ownIdentity() },
    ...{ started: moment, finished: moment, seconds: 3, warnings: [], metrics: { 'hitRate@10': 0.09 } },
    artifacts: artifactsOf(path),
  };
}

function driverState(moment: string): DriverState {
  const ended = { started: moment, finished: moment, seconds: 44 };
  return { format: 1, attempt: 1, state: 'succeeded', process: ownIdentity(), until: UNTIL, ...ended };
}

/** A run as the pipeline leaves it; the driver's state is written last. */
function writeRun(
  run: RunFolder,
  keepsOutcome: boolean,
  content: (file: string, text: string) => void,
): void {
  const manifest = manifestOf(run.id);
  fs.mkdirSync(run.folder, { recursive: true });
  writeJson(run.manifestFile, manifest);
  writeJson(run.labelsFile, { tags: ['copy'], starred: false });
  const moment = new Date().toISOString();
  for (const task of planRun(FLOW, manifest, UNTIL)) {
    fs.mkdirSync(run.stepFolder(task.path), { recursive: true });
    for (const [name, text] of Object.entries(contentOf(task.path)))
      content(path.join(run.stepFolder(task.path), `${name}.json`), text);
    writeJson(run.stateFile(task.path), stepState(run.id, task.path, task.key, moment));
    fs.writeFileSync(run.eventsFile(task.path), '');
  }
  fs.mkdirSync(run.stepFolder(DRIVER), { recursive: true });
  fs.writeFileSync(run.eventsFile(DRIVER), '');
  fs.writeFileSync(run.claimFile(1), '');
  const driver = driverState(new Date().toISOString());
  writeJson(run.stateFile(DRIVER), driver);
  if (keepsOutcome) writeJson(run.stateFile(DRIVER), { ...driver, kept: (kept ??= keptOutcome(run)) });
}

/**
 * A store of so many runs. Their artifacts are hard links.
 * @param keepsOutcome whether drivers kept what lists show, as those of earlier versions did not
 */
export async function makeStore(folder: string, runs: number, keepsOutcome: boolean): Promise<RunStore> {
  const store = RunStore.open(folder);
  await store.ensure();
  const first = new Map<string, string>();
  for (let place = 0; place < runs; place++) {
    const run = store.run(idOf(place));
    writeRun(run, keepsOutcome, (file, text) => {
      const relative = path.relative(run.folder, file);
      const original = first.get(relative);
      if (original !== undefined) return fs.linkSync(original, file);
      fs.writeFileSync(file, text);
      first.set(relative, file);
    });
  }
  return store;
}

/** Another finished run, which appears at once. */
export function addRun(store: RunStore, place: number): void {
  const making = RunStore.open(path.join(store.folder, 'making'));
  const made = making.run(idOf(place));
  writeRun(made, true, (file, text) => fs.writeFileSync(file, text));
  fs.renameSync(made.folder, store.run(idOf(place)).folder);
}
