/** Why an item is recommended: the parts of its score, plain facts, and what each item of the list does for it. */
import type { ListedItem, WhyReply } from '../../../src/protocol/engine/explorer.ts';
import { factWords } from '../../../src/protocol/text/fact-words.ts';
import { alert } from '../../kit/alert.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut } from '../../kit/format.ts';
import { partBar, scaleOf, signedPart } from '../../kit/part-bar.ts';
import { partSample } from '../../kit/part-styles.ts';
import type { ExplorerContext, Text } from './explorer-context.ts';
import { plainName } from './item-name.ts';
import { tryAgain } from './ranked-list.ts';

export function why(context: ExplorerContext, item: ListedItem): Drawn {
  const { text } = context;
  const { parts = {}, facts = [] } = item;
  const words = facts.map((fact) => cut(factWords(fact), 120)).join(' · ');
  return h(
    'div',
    {},
    words !== '' && h('p', {}, h('bdi', {}, words)),
    Object.keys(parts).length > 0 ? partsOf(parts, text) : h('p', { class: 'sub' }, text('noReason')),
    withoutItems(context, item),
  );
}

function partsOf(parts: Readonly<Record<string, number>>, text: Text): Drawn {
  const groups = Object.keys(parts);
  const values = Object.values(parts);
  const lead = values.reduce((sum, part) => sum + part, 0);
  const entries = groups.flatMap((group, at) => {
    const value = values[at] ?? 0;
    return value === 0
      ? []
      : [h('li', { class: 'legend' }, partSample(at), h('bdi', {}, cut(group, 60)), ` ${signedPart(value)}`)];
  });
  return h(
    'div',
    {},
    h('p', { class: 'sub' }, `${text('adds')} (${text('lead', signedPart(lead))})`),
    partBar(groups, values, scaleOf([values])),
    h('ul', { class: 'legends' }, ...entries),
  );
}

function withoutItems({ answers, text, actions }: ExplorerContext, { item }: ListedItem): Child {
  const { value, failure, isWaiting } = answers.why;
  if (failure !== undefined)
    return h('div', {}, alert(failure.message, failure.hint), tryAgain(text, actions.tryAgain));
  if (value === undefined || isWaiting) return h('p', { class: 'muted waiting' }, text('loading'));
  if (value.without.length === 0) return h('p', { class: 'sub' }, text('oneItem'));
  return h(
    'div',
    { class: 'without' },
    h('p', { class: 'sub' }, `${text('without')}. ${text('countedAmong', count(value.rank))}`),
    h('ul', {}, ...value.without.map((one) => withoutOne(one, value, item, text))),
  );
}

function withoutOne(
  { item, at, rank }: WhyReply['without'][number],
  { rank: whole }: WhyReply,
  of: string,
  text: Text,
): Drawn {
  return h(
    'li',
    { key: `${of}-${at}` },
    h('bdi', {}, text('withoutItem', plainName(item, 60))),
    h('span', { class: rank === 0 || rank > whole ? 'effect falls' : 'effect' }, effect(whole, rank, text)),
  );
}

function effect(whole: number, rank: number, text: Text): string {
  if (rank === 0) return text('drops');
  if (rank === whole) return text('stays', count(rank));
  return text(rank > whole ? 'falls' : 'rises', count(whole), count(rank));
}
