import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { ParameterValue } from '../../../src/protocol/parameters.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import type { Reporter } from '../../../src/pipeline/flow/reporter.ts';
import { openScorer } from '../../../src/pipeline/model/open-recommender.ts';
import type { FitResult, Member, ModelKind, Scorer } from '../../../src/pipeline/kinds/model-kind.ts';

export const silentReporter: Reporter = {
  progress: () => undefined,
  loss: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};

export interface FitOptions {
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Parameters that stand as a person's; default: all. */
  readonly given?: readonly string[];
  readonly seed?: number;
  readonly threads?: number;
  readonly deterministic?: boolean;
  readonly positions?: string;
  readonly queriesPerSequence?: number;
  readonly seen?: 'kept' | 'removed';
  readonly reporter?: Reporter;
  readonly members?: readonly Member[];
  readonly selectBy?: string;
}

export interface Fitted {
  readonly scorer: Scorer;
  readonly result: FitResult;
  readonly folder: string;
  /** The model as one that is made of it gets it. */
  readonly member: Member;
  readonly remove: () => Promise<void>;
}

/** Fits a model in a temporary folder and opens what it wrote. */
export async function fitted(kind: ModelKind, data: PreparedData, options: FitOptions = {}): Promise<Fitted> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-fit-'));
  const files = new Map<string, string>();
  const common = {
    data,
    seed: options.seed ?? 1,
    threads: options.threads ?? 1,
    deterministic: options.deterministic ?? true,
  };
  const result = await kind.fit({
    ...common,
    parameters: options.parameters ?? {},
    given: options.given ?? Object.keys(options.parameters ?? {}),
    memoryLimit: 2048,
    signal: new AbortController().signal,
    reporter: options.reporter ?? silentReporter,
    positions: options.positions ?? 'every:5',
    queriesPerSequence: options.queriesPerSequence ?? 0,
    seen: options.seen ?? (data.layout.leaveOneOut ? 'removed' : 'kept'),
    selectBy: options.selectBy ?? 'auto',
    members: options.members ?? [],
    write: async (name, file, write) => {
      files.set(name, path.join(folder, file));
      await write(path.join(folder, file));
    },
  });
  const locate = (artifact: string): string => {
    const file = files.get(artifact);
    if (file === undefined) throw new Error(`no artifact '${artifact}'`);
    return file;
  };
  const open = (): Promise<Scorer> => openScorer(kind.name, locate, common);
  const artifacts = [...files].map(([name, file]) => ({ name, path: file }));
  const member = { name: kind.name, kind: kind.name, artifacts, open };
  return {
    scorer: await open(),
    result,
    folder,
    member,
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  };
}
