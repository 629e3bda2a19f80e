/** What went wrong, said at once by screen readers too. */
import { h } from './element.ts';
import type { Drawn } from './element.ts';
import { cut } from './format.ts';
import { icon } from './icon.ts';

export function alert(message: string, hint?: string): Drawn {
  return h(
    'div',
    { class: 'callout callout-error', role: 'alert' },
    icon('failed'),
    h(
      'div',
      {},
      h('p', {}, cut(message, 1000)),
      hint !== undefined && h('p', { class: 'muted' }, cut(hint, 1000)),
    ),
  );
}
