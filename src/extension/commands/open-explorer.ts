import type { Services } from '../services.ts';
import { idOf } from '../runs/run-reference.ts';
import { runReferenceOf, type Target } from './pick-run.ts';

/** What a link of a hover, a map or a card may name. */
interface ExplorerArgument {
  readonly item?: string;
  readonly items?: readonly string[];
  readonly run?: string;
  readonly model?: string;
}

/** *Open Explorer*: of a row of the tree its run, of a link its item, list, run and model; else what answers by itself. */
export async function openExplorer({ stores, explorers }: Services, { argument }: Target): Promise<void> {
  await stores.ready();
  const { item, items, run, model } = argumentOf(argument);
  const store = run === undefined ? stores.first() : await stores.holding(run);
  await explorers.open(store, {
    ...(item === undefined ? {} : { item }),
    ...(items === undefined ? {} : { items: [...items] }),
    ...(run === undefined ? {} : { run: idOf(run) }),
    ...(model === undefined ? {} : { model }),
  });
}

/** Fields that are not what they should be are left out: any page or extension may call the command. */
function argumentOf(argument: unknown): ExplorerArgument {
  const run = runReferenceOf(argument);
  if (run !== undefined) return { run };
  if (typeof argument !== 'object' || argument === null) return {};
  const text = (name: string): string | undefined => {
    const value: unknown = Object.hasOwn(argument, name) ? Reflect.get(argument, name) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const items: unknown = Object.hasOwn(argument, 'items') ? Reflect.get(argument, 'items') : undefined;
  const list = Array.isArray(items) ? items.filter((one): one is string => typeof one === 'string') : [];
  const [item, named, model] = ['item', 'run', 'model'].map(text);
  return {
    ...(item === undefined ? {} : { item }),
    ...(list.length === 0 ? {} : { items: list }),
    ...(named === undefined ? {} : { run: named }),
    ...(model === undefined ? {} : { model }),
  };
}
