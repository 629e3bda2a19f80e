/** Which items lists may hold. */
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';
import type { ExplorerContext } from './explorer-context.ts';
import { include, withFields } from './explorer-state.ts';
import { focusLeft } from './focus-left.ts';
import { explorerIcon } from './icons.ts';

/** Rows that a field takes, at most. */
const MOST_ROWS = 1e9;

/** @param place where they stand, since two parts of the page show them */
export function filters(context: ExplorerContext, place: string, ...more: Child[]): Drawn {
  const { state, text, actions } = context;
  return h(
    'div',
    { class: 'filters', role: 'group', 'aria-label': text('filters') },
    check(
      text('fold'),
      state.fold,
      (fold) => actions.change((now) => withFields(now, { fold })),
      text('foldTitle'),
    ),
    ...more,
    h(
      'span',
      { class: 'field' },
      rowsField(context, `${place}-min`, 'minRows', text('minRows')),
      rowsField(context, `${place}-max`, 'maxRows', text('maxRows')),
    ),
    excluded(context, `${place}-min`),
  );
}

export function check(
  label: string,
  checked: boolean,
  set: (checked: boolean) => void,
  title?: string,
): Drawn {
  return h(
    'label',
    { class: 'check', title },
    h('input', { type: 'checkbox', checked, onChange: (event) => set(event.currentTarget.checked) }),
    h('span', {}, label),
  );
}

function rowsField(
  { state, actions }: ExplorerContext,
  id: string,
  field: 'minRows' | 'maxRows',
  label: string,
): Drawn {
  const set = (typed: string): void => {
    const rows = Number.parseInt(typed, 10);
    const isRows = Number.isInteger(rows) && rows >= 0 && rows <= MOST_ROWS;
    actions.change((now) => withFields(now, { [field]: isRows ? rows : undefined }));
  };
  return h(
    'label',
    { class: 'rows-field' },
    h('span', {}, label),
    h('input', {
      ...{ id, type: 'number', min: 0, max: MOST_ROWS, step: 1, inputMode: 'numeric' },
      value: state[field] ?? '',
      onInput: (event) => set(event.currentTarget.value),
    }),
  );
}

/** @param otherwise id of what has the focus when the last is let in */
function excluded({ state, text, actions }: ExplorerContext, otherwise: string): Child {
  if (state.exclude.length === 0) return undefined;
  const letIn = (group: string, at: number): void => {
    actions.change((now) => include(now, group));
    focusLeft('.excluded .chip', at, otherwise);
    actions.say(text('includedGroup', cut(group, 80)));
  };
  const chips = state.exclude.map(({ group }, at) =>
    h(
      'li',
      { key: group },
      h(
        'button',
        {
          ...{ type: 'button', class: 'chip', title: text('includeGroup', cut(group, 80)) },
          'aria-label': text('includeGroup', cut(group, 80)),
          onClick: () => letIn(group, at),
        },
        h('bdi', {}, cut(group, 40)),
        explorerIcon('close'),
      ),
    ),
  );
  return h(
    'div',
    { class: 'excluded' },
    h('span', { class: 'sub' }, text('excluded')),
    h('ul', {}, ...chips),
  );
}
