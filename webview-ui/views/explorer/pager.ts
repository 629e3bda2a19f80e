import { h } from '../../kit/element.ts';
import type { Child } from '../../kit/element.ts';
import { count } from '../../kit/format.ts';
import type { Text } from './explorer-context.ts';

export interface PagerOptions {
  /** The first that is shown, counted from 0; how many a page shows; and how many there are. */
  readonly from: number;
  readonly shown: number;
  readonly total: number;
  readonly go: (from: number) => void;
}

/** Goes through pages; nothing where one page is all. */
export function pager(text: Text, { from, shown, total, go }: PagerOptions): Child {
  if (total <= shown && from === 0) return undefined;
  const button = (label: string, to: number, disabled: boolean) =>
    h('button', { type: 'button', class: 'button', disabled, onClick: () => go(to) }, label);
  const last = Math.min(from + shown, total);
  return h(
    'div',
    { class: 'pager' },
    button(text('previous'), Math.max(0, from - shown), from === 0),
    h('span', { role: 'status' }, text('range', count(Math.min(from + 1, total)), count(last), count(total))),
    button(text('next'), from + shown, last >= total),
  );
}
