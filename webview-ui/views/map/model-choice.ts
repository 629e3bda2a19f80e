/** Another model of the run, where there is one. */
import { h } from '../../kit/element.ts';
import type { Child } from '../../kit/element.ts';
import { select } from '../../kit/parts.ts';
import type { MapText } from './map-text.ts';

export function modelChoice(
  models: readonly string[],
  shown: string,
  text: MapText,
  open: (model: string) => void,
): Child {
  if (models.length < 2) return false;
  const choices = models.map((value) => ({ value, label: value }));
  return h(
    'div',
    { class: 'map-models' },
    select('model', text('model'), choices, shown, (_, model) => open(model)),
  );
}
