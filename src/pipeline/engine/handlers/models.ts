import type { ModelKindEntry } from '../../../protocol/engine.ts';
import type { ModelKind } from '../../kinds/model-kind.ts';
import { modelKinds } from '../../kinds/registry.ts';
import { flows, startableFlows } from '../../flows/registry.ts';
import type { Handlers } from './handler.ts';

/** The kinds that `recsys run` trains where none are named. */
function defaultKinds(): string[] {
  const [flow] = startableFlows();
  return String(flow?.parameters['models']?.default ?? '').split(',');
}

function entryOf(byDefault: readonly string[]): (kind: ModelKind) => ModelKindEntry {
  return ({ name, title, description }) => ({
    ...{ name, title, description },
    byDefault: byDefault.includes(name),
  });
}

export function modelHandlers(): Handlers<'models'> {
  return {
    'models/kinds': () => ({ kinds: modelKinds.map(entryOf(defaultKinds())) }),
    'models/tunable': () => ({ kinds: flows().flatMap(({ views }) => [...(views.tunable ?? [])]) }),
  };
}
