import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { ParameterValue } from '../../../src/protocol/parameters.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import type { Reporter } from '../../../src/pipeline/reporter.ts';
import { catalogueOf } from '../../../src/pipeline/data/catalogue.ts';
import { storedIn } from '../../../src/pipeline/model/stored-model.ts';
import type { Scorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import type { FitResult, Member } from '../../../src/pipeline/kinds/fitting/fit-context.ts';
import type { ModelKind } from '../../../src/pipeline/kinds/model-kind.ts';

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
  const files: Record<string, { file: string }> = {};
  const members = options.members ?? [];
  const common = { seed: options.seed ?? 1, deterministic: options.deterministic ?? true };
  const result = await kind.fit({
    ...common,
    data,
    threads: options.threads ?? 1,
    parameters: options.parameters ?? {},
    given: options.given ?? Object.keys(options.parameters ?? {}),
    memoryLimit: 2048,
    signal: new AbortController().signal,
    reporter: options.reporter ?? silentReporter,
    positions: options.positions ?? 'every:5',
    queriesPerSequence: options.queriesPerSequence ?? 0,
    seen: options.seen ?? (data.layout.leaveOneOut ? 'removed' : 'kept'),
    selectBy: options.selectBy ?? 'auto',
    members,
    write: async (name, file, write) => {
      files[name] = { file };
      await write(path.join(folder, file));
    },
  });
  const stored = storedIn(folder, { kind: kind.name, files, members: [] });
  const open = (): Promise<Scorer> =>
    kind.open({
      ...common,
      catalogue: catalogueOf(data),
      locate: (artifact) => stored.locate(artifact),
      openMember: ({ name }) => memberNamed(members, name).open(),
    });
  const member = { name: kind.name, kind: kind.name, folder, open };
  return {
    scorer: await open(),
    result,
    folder,
    member,
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  };
}

function memberNamed(members: readonly Member[], name: string): Member {
  const found = members.find((member) => member.name === name);
  if (found === undefined) throw new Error(`no member '${name}'`);
  return found;
}
