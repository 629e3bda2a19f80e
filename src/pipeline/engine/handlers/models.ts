import { flows } from '../../flows/registry.ts';
import type { Handlers } from './handler.ts';

export function modelHandlers(): Handlers<'models'> {
  return {
    'models/tunable': () => ({ kinds: flows().flatMap(({ views }) => [...(views.tunable ?? [])]) }),
  };
}
