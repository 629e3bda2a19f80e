/** Items with so few training rows that what a model says of them rests on little. */
import { h } from '../../kit/element.ts';
import type { Child } from '../../kit/element.ts';
import { count } from '../../kit/format.ts';
import type { Text } from './explorer-context.ts';

/** Below so many training rows a mark stands beside an item. */
export const FEW_ROWS = 5;

export function rowsText(trainRows: number, text: Text): string {
  return trainRows === 1 ? text('oneRow') : text('fewRows', count(trainRows));
}

export function fewRowsMark(trainRows: number, text: Text): Child {
  if (trainRows >= FEW_ROWS) return undefined;
  return h('span', { class: 'tag few', title: text('fewRowsTitle') }, rowsText(trainRows, text));
}
