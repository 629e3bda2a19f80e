/** A list of items with bars of their scores, which leads on to each of them; beside another one, with where that has them. */
import type { ListedItem, ListReply, ModelList } from '../../../src/protocol/engine/explorer.ts';
import { alert } from '../../kit/alert.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut, precise } from '../../kit/format.ts';
import { bar } from '../../kit/parts.ts';
import type { Answer, ExplorerContext, Text } from './explorer-context.ts';
import { fewRowsMark } from './few-rows.ts';
import { iconButton } from './icons.ts';
import { itemName, plainName } from './item-name.ts';

/** Whose list it is: that of the model that answers, or of the one beside. */
export type Side = 'asked' | 'beside';

interface ShownList {
  /** How far down the other list was looked at. */
  readonly depth: number;
  readonly isPair: boolean;
  readonly by: Side;
}

export interface RankedListOptions {
  /** Unique on the page, and fit for an element's id. */
  readonly id: string;
  /** The heading, given who answered. */
  readonly title: (model: string) => string;
  /** Why there are none. */
  readonly none: (list: ModelList) => string;
  /** More of an item, below it. */
  readonly below?: (item: ListedItem, by: Side) => Child;
  /** Another thing that can be done with an item. */
  readonly action?: (item: ListedItem, by: Side) => Child;
  /** How many were asked for. */
  readonly asked: number;
}

/** The lists of an answer, side by side where there are two; or what keeps them from being there. */
export function rankedLists(
  context: ExplorerContext,
  { value, failure, isWaiting }: Answer<ListReply>,
  options: RankedListOptions,
): Drawn {
  const { text, actions } = context;
  if (failure !== undefined)
    return h('div', {}, alert(failure.message, failure.hint), tryAgain(text, actions.tryAgain));
  if (value === undefined)
    return h('p', { class: 'muted waiting', role: 'status' }, isWaiting ? text('loading') : '');
  const { lists, shared, depth } = value;
  const shown = Math.max(...lists.map(({ items }) => items.length));
  return h(
    'div',
    { class: isWaiting ? 'lists is-stale' : 'lists', 'aria-busy': isWaiting },
    shared !== undefined && h('p', { class: 'shared' }, text('sharedOf', count(shared), count(shown))),
    h(
      'div',
      { class: lists.length === 2 ? 'side-lists' : 'one-list' },
      ...lists.map((list, at) =>
        rankedList(
          context,
          list,
          { ...options, id: `${options.id}-${at}` },
          {
            ...{ depth, isPair: shared !== undefined, by: at === 0 ? 'asked' : 'beside' },
          },
        ),
      ),
    ),
  );
}

export function tryAgain(text: Text, again: () => void): Drawn {
  return h('button', { type: 'button', class: 'button again', onClick: again }, text('tryAgain'));
}

function rankedList(
  context: ExplorerContext,
  list: ModelList,
  options: RankedListOptions,
  shown: ShownList,
): Drawn {
  const { text } = context;
  const scale = scaleOf(list.items);
  const heading = `${options.id}-title`;
  return h(
    'section',
    { class: 'ranked-list', 'aria-labelledby': heading },
    h('h2', { id: heading }, options.title(cut(list.model, 60) || text('automatic'))),
    h('p', { class: 'sub' }, runLabel(context, list.run)),
    ...notes(list, options, text),
    list.items.length > 0 &&
      h(
        'ol',
        { class: shown.isPair ? 'rows is-pair' : 'rows', 'aria-labelledby': heading, onKeyDown: walkRows },
        ...list.items.map((item, at) => row(context, { item, at, scale, options, ...shown })),
      ),
    list.items.length > 0 &&
      list.items.length < options.asked &&
      h('p', { class: 'note' }, text('fewerThanAsked')),
  );
}

function runLabel({ runs = [] }: ExplorerContext, run: string): string {
  return cut(runs.find(({ id }) => id === run)?.label ?? run, 80);
}

function notes(list: ModelList, { none }: RankedListOptions, text: Text): Child[] {
  const { failure, items, skipped, unknownGroups = [], answeredBy } = list;
  if (failure !== undefined) return [alert(failure.message, failure.hint)];
  return [
    skipped.length > 0 && h('p', { class: 'note' }, text('skippedItems', someNames(skipped))),
    unknownGroups.length > 0 && h('p', { class: 'note' }, text('unknownGroups', someNames(unknownGroups))),
    items.length === 0 && h('p', { class: 'note' }, none(list)),
    items.length > 0 && answeredBy === 'popularity' && h('p', { class: 'note' }, text('byPopularity')),
  ];
}

function someNames(items: readonly string[]): string {
  const some = items.slice(0, 5).map((item) => plainName(item, 60));
  return some.join(', ') + (items.length > some.length ? ', …' : '');
}

/** What the bars of a list are drawn between: from nothing, or from the least score where that is below, to the best. */
interface Scale {
  readonly low: number;
  readonly high: number;
  /** Scores that are all counts are written as such. */
  readonly write: (score: number) => string;
}

function scaleOf(items: readonly ListedItem[]): Scale {
  const scores = items.flatMap(({ score }) => (score === null ? [] : [score]));
  const areCounts = scores.every((score) => Number.isInteger(score));
  const write = areCounts ? count : (score: number): string => precise(score, 3);
  return { low: Math.min(0, ...scores), high: Math.max(...scores, 0), write };
}

interface RowOptions extends ShownList {
  readonly item: ListedItem;
  readonly at: number;
  readonly scale: Scale;
  readonly options: RankedListOptions;
}

function row(context: ExplorerContext, { item, at, scale, depth, isPair, by, options }: RowOptions): Drawn {
  const { text, actions } = context;
  const { low, high } = scale;
  const share = item.score === null || high === low ? 0 : (item.score - low) / (high - low);
  return h(
    'li',
    { class: isPair && item.other === undefined ? 'row is-alone' : 'row', key: item.item },
    h('span', { class: 'place' }, String(at + 1)),
    h(
      'span',
      { class: 'row-name' },
      h(
        'button',
        { type: 'button', class: 'walk', onClick: () => actions.visit(item.item) },
        itemName(item.item),
      ),
      fewRowsMark(item.trainRows, text),
      versionsTag(item, text),
      item.score === null && h('span', { class: 'tag' }, text('fillsIn')),
    ),
    bar(share),
    h('span', { class: 'score' }, item.score === null ? '–' : scale.write(item.score)),
    isPair && otherPlace(item, at + 1, depth, text),
    h('span', { class: 'row-actions' }, options.action?.(item, by), pinButton(context, item.item)),
    options.below?.(item, by),
  );
}

function versionsTag({ versions = [], moreVersions = 0 }: ListedItem, text: Text): Child {
  if (versions.length === 0) return undefined;
  const all = versions.length + moreVersions;
  const named = versions.map((version) => plainName(version, 120));
  return h(
    'span',
    { class: 'tag', title: [...named, ...(moreVersions === 0 ? [] : ['…'])].join('\n') },
    all === 1 ? text('versionMore') : text('versionsMore', count(all)),
  );
}

/** Where the other list has the item: ▲ 3 means three places higher here than there. */
function otherPlace({ other }: ListedItem, place: number, depth: number, text: Text): Drawn {
  if (other === undefined)
    return h('span', { class: 'other alone', title: text('alone', String(depth)) }, text('aloneShort'));
  const moved = other - place;
  const said = moved === 0 ? text('same') : text(moved > 0 ? 'up' : 'down', String(Math.abs(moved)));
  const mark = moved === 0 ? '=' : `${moved > 0 ? '▲' : '▼'} ${Math.abs(moved)}`;
  return h(
    'span',
    { class: 'other', title: text('otherPlace', String(other)) },
    h('span', { 'aria-hidden': 'true' }, mark),
    h('span', { class: 'hidden-text' }, said),
  );
}

export function pinButton({ state, text, actions }: ExplorerContext, item: string): Drawn {
  const isPinned = state.list.includes(item);
  const label = text(isPinned ? 'unpinItem' : 'pinItem', plainName(item));
  return iconButton({
    ...{ icon: isPinned ? 'pinned' : 'pin', label, pressed: isPinned },
    press: () => (isPinned ? actions.unpin(item) : actions.pin(item)),
  });
}

/** Arrows go from name to name; Home and End to the first and the last. */
export function walkRows(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(event.target instanceof HTMLElement) || !event.target.classList.contains('walk')) return;
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement)) return;
  const names = [...list.querySelectorAll<HTMLElement>('.walk')];
  const at = names.indexOf(event.target);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: names.length - 1,
  };
  const to = steps[event.key];
  if (to === undefined) return;
  event.preventDefault();
  names[to]?.focus();
}
