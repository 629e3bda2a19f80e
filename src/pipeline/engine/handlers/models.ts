import type { ModelKindEntry } from '../../../protocol/engine.ts';
import type { ModelKind } from '../../models/model-kind.ts';
import { modelKinds } from '../../models/registry.ts';
import { ownParameters } from '../../stages/flow-parameters.ts';
import { flows } from '../../stages/flows.ts';
import type { Handlers } from './handler.ts';

const byDefault = ownParameters.models.default.split(',');

function entryOf({ name, title, description }: ModelKind): ModelKindEntry {
  return { name, title, description, byDefault: byDefault.includes(name) };
}

export function modelHandlers(): Handlers<'models'> {
  return {
    'models/kinds': () => ({ kinds: modelKinds.map(entryOf) }),
    'models/tunable': () => ({ kinds: flows.flatMap(({ shows }) => [...(shows.tuning?.kinds ?? [])]) }),
  };
}
