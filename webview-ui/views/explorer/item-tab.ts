/** The page of an item: how frequent it is, what is near it, and where it stands. */
import type { ItemPage } from '../../../src/protocol/engine/explorer.ts';
import { alert } from '../../kit/alert.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut } from '../../kit/format.ts';
import { icon } from '../../kit/icon.ts';
import { tile } from '../../kit/parts.ts';
import type { ExplorerContext } from './explorer-context.ts';
import { shownItem, withFields } from './explorer-state.ts';
import { FEW_ROWS, rowsText } from './few-rows.ts';
import { filters } from './filters.ts';
import { explorerIcon } from './icons.ts';
import { itemName, shortName } from './item-name.ts';
import { rankedLists, tryAgain } from './ranked-list.ts';
import { sequences } from './sequences.ts';

/** Neighbours that are asked for. */
export const NEIGHBOURS = 20;
/** Items of the way that are shown, the newest. */
const TRAIL_SHOWN = 6;

export function itemTab(context: ExplorerContext): readonly Child[] {
  const { state, answers, text, actions } = context;
  const shown = shownItem(state);
  if (shown === undefined) return [start(context)];
  const { value, failure, isWaiting } = answers.item;
  const page = value?.item === shown ? value : undefined;
  return [
    trail(context),
    failure !== undefined && !isWaiting && alert(failure.message, failure.hint),
    failure !== undefined && !isWaiting && tryAgain(text, actions.tryAgain),
    h(
      'div',
      { class: 'item-head' },
      h('h2', { class: 'item-title' }, itemName(shown)),
      pinAction(context, shown),
    ),
    page !== undefined && facts(context, page),
    page !== undefined && caution(context, page),
    page !== undefined && versions(context, page),
    failure === undefined &&
      h(
        'div',
        { class: state.beside === undefined ? 'item-parts' : 'item-parts is-pair' },
        h(
          'div',
          {},
          filters(context, 'item'),
          rankedLists(context, answers.neighbours, {
            id: 'neighbours',
            title: (model) => text('neighboursOf', model),
            none: ({ known }) => text(known ? 'noneLeft' : 'unknownItem'),
            asked: NEIGHBOURS,
          }),
        ),
        sequences(context),
      ),
  ];
}

function start({ runs, text }: ExplorerContext): Drawn {
  const hasNone = runs?.length === 0;
  return h(
    'div',
    { class: 'start' },
    h('h2', {}, text(hasNone ? 'noRuns' : 'start')),
    h('p', { class: 'intro' }, text(hasNone ? 'noRunsHint' : 'startHint')),
  );
}

function trail({ state, text, actions }: ExplorerContext): Child {
  if (state.trail.length < 2) return undefined;
  const first = Math.max(0, Math.min(state.at - TRAIL_SHOWN + 2, state.trail.length - TRAIL_SHOWN));
  const shown = state.trail.slice(first, first + TRAIL_SHOWN);
  const steps = shown.map((item, i) => {
    const at = first + i;
    const press = (): void => actions.change((now) => withFields(now, { at, sequencesFrom: 0 }));
    return h(
      'li',
      { key: String(at) },
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          'aria-current': at === state.at ? 'page' : undefined,
          onClick: press,
        },
        shortName(item, 32),
      ),
    );
  });
  return h(
    'nav',
    { class: 'trail', 'aria-label': text('walked') },
    h('ol', {}, first > 0 && h('li', { 'aria-hidden': 'true' }, '…'), ...steps),
  );
}

function pinAction({ state, text, actions }: ExplorerContext, item: string): Drawn {
  const isPinned = state.list.includes(item);
  return h(
    'button',
    {
      ...{ type: 'button', class: 'button with-icon', 'aria-pressed': isPinned },
      onClick: () => (isPinned ? actions.unpin(item) : actions.pin(item)),
    },
    explorerIcon(isPinned ? 'pinned' : 'pin'),
    text(isPinned ? 'unpin' : 'pin'),
  );
}

function facts({ text }: ExplorerContext, page: ItemPage): Drawn {
  const { trainRows, rank, rankedItems, group, groupItems } = page;
  return h(
    'div',
    { class: 'tiles' },
    tile(text('trainRows'), count(trainRows), []),
    tile(text('rank'), trainRows === 0 ? '–' : count(rank), [text('rankOf', count(rankedItems))]),
    tile(text('group'), group === undefined ? text('noGroup') : h('bdi', { class: 'name' }, cut(group, 60)), [
      groupItems === undefined ? undefined : text('groupOf', count(groupItems)),
    ]),
  );
}

function caution({ text }: ExplorerContext, { trainRows }: ItemPage): Child {
  if (trainRows >= FEW_ROWS) return undefined;
  const said = trainRows === 0 ? text('noRowsNote') : text('fewRowsNote', rowsText(trainRows, text));
  return h('div', { class: 'callout', role: 'note' }, icon('warning'), h('p', {}, said));
}

function versions({ text, actions }: ExplorerContext, { versions: others }: ItemPage): Child {
  if (others.length === 0) return undefined;
  const links = others.map(({ item, trainRows }) =>
    h(
      'li',
      { key: item },
      h('button', { type: 'button', class: 'link', onClick: () => actions.visit(item) }, shortName(item, 60)),
      h('span', { class: 'sub' }, ` ${text('rows', count(trainRows))}`),
    ),
  );
  return h(
    'div',
    { class: 'versions' },
    h('span', { class: 'sub' }, text('versions')),
    h('ul', {}, ...links),
  );
}
