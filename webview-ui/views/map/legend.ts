/** What the colours mean, as a list of check boxes that hide and show. */
import { coloursOf, type Colouring } from '../../../src/drawing/colouring.ts';
import { hex, type Ink } from '../../../src/drawing/palette.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { count } from '../../kit/format.ts';
import { name } from '../../kit/parts.ts';

export interface LegendOptions {
  readonly title: string;
  readonly note: string | undefined;
  readonly colouring: Colouring;
  readonly ink: Ink;
  readonly hidden: readonly string[];
  readonly toggle: (id: string, shown: boolean) => void;
}

export function legend({ title, note, colouring, ink, hidden, toggle }: LegendOptions): Drawn {
  const colours = coloursOf(colouring, ink);
  const lines = colouring.entries.map(({ id, label, items }, at) =>
    h(
      'li',
      { key: id },
      h(
        'label',
        { class: 'legend-entry' },
        h('input', {
          type: 'checkbox',
          checked: !hidden.includes(id),
          onChange: (event) => toggle(id, event.currentTarget.checked),
        }),
        h(
          'svg',
          { class: 'swatch', viewBox: '0 0 10 10', 'aria-hidden': 'true' },
          h('circle', { cx: 5, cy: 5, r: 5, fill: hex(colours[at] ?? ink.foreground) }),
        ),
        name(label, 120),
        h('span', { class: 'item-figure' }, count(items)),
      ),
    ),
  );
  return h(
    'section',
    { class: 'map-part' },
    h('h2', {}, title),
    h('ul', { class: 'legend-list' }, ...lines),
    note !== undefined && h('p', { class: 'sub' }, note),
  );
}
