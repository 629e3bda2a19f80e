/** The list in the making, and what models recommend after it. */
import type { ExplorerState } from '../../../src/protocol/panels/explorer.ts';
import { MOST_EXCLUDED, type ListedItem } from '../../../src/protocol/engine/explorer.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';
import { partPaints } from '../../kit/part-styles.ts';
import type { ExplorerContext } from './explorer-context.ts';
import { exclude, withFields } from './explorer-state.ts';
import { check, filters } from './filters.ts';
import { plainName } from './item-name.ts';
import { ADD_FIELD, listEditor } from './list-editor.ts';
import { rankedLists } from './ranked-list.ts';
import { searchBox } from './search-box.ts';
import { why } from './why.ts';

/** Recommendations that are asked for. */
export const RECOMMENDATIONS = 20;

export function listTab(context: ExplorerContext): readonly Child[] {
  const { state, text, actions, asked } = context;
  const keepSeen = check(text('keepSeen'), state.keepSeen, (kept) =>
    actions.change((now) => withFields(now, { keepSeen: kept })),
  );
  const add = searchBox({
    ...{ id: ADD_FIELD, label: text('addItem'), hint: text('addItem'), text },
    ...{ search: actions.search, take: actions.pin, asked: JSON.stringify(asked) },
  });
  return [
    partPaints(),
    h(
      'div',
      { class: state.beside === undefined ? 'list-parts' : 'list-parts is-pair' },
      h(
        'section',
        { class: 'your-list', 'aria-labelledby': 'your-list-title' },
        h('h2', { id: 'your-list-title' }, text('yourList')),
        add,
        listEditor(context),
      ),
      h(
        'div',
        {},
        filters(context, 'list', keepSeen),
        state.list.length === 0
          ? h('p', { class: 'note' }, text('listEmptyHint'))
          : rankedLists(context, context.answers.recommendations, {
              id: 'recommended',
              title: (model) => text('recommendationsOf', model),
              none: () => text('noneLeft'),
              asked: RECOMMENDATIONS,
              action: (item, by) => whyButton(context, { item: item.item, by }),
              below: (item, by) => isAsked(state, { item: item.item, by }) && reasons(context, item),
            }),
      ),
    ),
  ];
}

type Asked = NonNullable<ExplorerState['why']>;

function isAsked({ why: shown }: ExplorerState, { item, by }: Asked): boolean {
  return shown?.item === item && shown.by === by;
}

function whyButton({ state, text, actions }: ExplorerContext, asked: Asked): Drawn {
  const isOpen = isAsked(state, asked);
  return h(
    'button',
    {
      ...{ type: 'button', class: 'link why-button', 'aria-expanded': isOpen },
      'aria-label': text('whyItem', plainName(asked.item)),
      onClick: () => actions.change((now) => withFields(now, { why: isOpen ? undefined : asked })),
    },
    text('why'),
  );
}

function reasons(context: ExplorerContext, item: ListedItem): Drawn {
  const { text, actions, state } = context;
  const { group } = item;
  const isOut = state.exclude.some((other) => other.group === group);
  const areMost = state.exclude.length >= MOST_EXCLUDED;
  return h(
    'div',
    { class: 'reasons' },
    why(context, item),
    group !== undefined &&
      !isOut &&
      h(
        'button',
        {
          ...{ type: 'button', class: 'link', disabled: areMost },
          title: areMost ? text('excludedMost', String(MOST_EXCLUDED)) : undefined,
          onClick: () => actions.change((now) => exclude(now, { item: item.item, group })),
        },
        text('excludeGroup', cut(group, 60)),
      ),
  );
}
