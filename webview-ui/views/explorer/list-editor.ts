/** The items of the list in the making: moved by mouse and by keys, and taken out. */
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import type { ExplorerContext } from './explorer-context.ts';
import { move, openList, removeAt, show } from './explorer-state.ts';
import { focusLeft } from './focus-left.ts';
import { explorerIcon, iconButton } from './icons.ts';
import { itemName, plainName } from './item-name.ts';
import { walkRows } from './ranked-list.ts';

/** Id of the field that adds items. */
export const ADD_FIELD = 'add';

/** What is dragged; no other page may take it for something. */
const DRAGGED = 'application/x-recsys-place';

export function listEditor(context: ExplorerContext): Drawn {
  const { state, text, actions } = context;
  if (state.list.length === 0) return h('p', { class: 'note', id: 'list-empty' }, text('listEmpty'));
  return h(
    'div',
    {},
    h('p', { class: 'sub', id: 'list-hint' }, text('listHint')),
    h(
      'ol',
      { class: 'editor', 'aria-describedby': 'list-hint', onKeyDown: walkRows },
      ...state.list.map((item, at) => place(context, item, at)),
    ),
    h(
      'button',
      {
        ...{ type: 'button', class: 'link' },
        onClick: () => {
          actions.change((now) => show(openList(now, []), 'list'));
          focusLeft('.editor .walk', 0, ADD_FIELD);
          actions.say(text('cleared'));
        },
      },
      text('clear'),
    ),
  );
}

function place(context: ExplorerContext, item: string, at: number): Drawn {
  const { state, text, actions } = context;
  const to = (target: number): void => {
    actions.change((now) => move(now, at, target));
    actions.say(text('moved', plainName(item), String(target + 1), String(state.list.length)));
  };
  const named = plainName(item);
  const remove = (): void => {
    actions.change((now) => removeAt(now, at));
    focusLeft('.editor .walk', at, ADD_FIELD);
    actions.say(text('removed', named));
  };
  return h(
    'li',
    {
      ...{ draggable: true, class: 'editor-row', key: `${state.list.indexOf(item) === at ? 0 : at}-${item}` },
      ...dragging(at, (from) => actions.change((now) => move(now, from, at))),
      onKeyDown: (event) => moveByKey(event, at, state.list.length, to),
    },
    h('span', { class: 'grip', 'aria-hidden': 'true' }, explorerIcon('gripper')),
    h('span', { class: 'place' }, String(at + 1)),
    h('button', { type: 'button', class: 'walk', onClick: () => actions.visit(item) }, itemName(item)),
    h(
      'span',
      { class: 'row-actions' },
      iconButton({
        icon: 'arrow-up',
        label: text('moveUp', named),
        press: () => to(at - 1),
        disabled: at === 0,
      }),
      iconButton({
        ...{ icon: 'arrow-down', label: text('moveDown', named), press: () => to(at + 1) },
        disabled: at === state.list.length - 1,
      }),
      iconButton({
        ...{ icon: 'close', label: text('remove', named) },
        press: remove,
      }),
    ),
  );
}

function moveByKey(event: KeyboardEvent, at: number, length: number, to: (target: number) => void): void {
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
  event.preventDefault();
  event.stopPropagation();
  const target = event.key === 'ArrowUp' ? at - 1 : at + 1;
  if (target >= 0 && target < length) to(target);
}

/** What a row does while it, or another one, is dragged. @param take has the row at a place put here */
function dragging(at: number, take: (from: number) => void) {
  const mark = (event: DragEvent, isOver: boolean): void => {
    if (event.currentTarget instanceof HTMLElement) event.currentTarget.classList.toggle('is-over', isOver);
  };
  return {
    onDragStart: (event: DragEvent) => {
      event.dataTransfer?.setData(DRAGGED, String(at));
      if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move';
    },
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer?.types.includes(DRAGGED) !== true) return;
      event.preventDefault();
      mark(event, true);
    },
    onDragLeave: (event: DragEvent) => mark(event, false),
    onDrop: (event: DragEvent) => {
      mark(event, false);
      const from = Number.parseInt(event.dataTransfer?.getData(DRAGGED) ?? '', 10);
      if (!Number.isInteger(from)) return;
      event.preventDefault();
      take(from);
    },
  };
}
