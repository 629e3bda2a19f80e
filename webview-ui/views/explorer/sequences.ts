/** The sequences that an item stands in, a page of them. */
import type { ItemSequence } from '../../../src/protocol/engine/explorer.ts';
import { SequencePart } from '../../../src/protocol/engine/explorer.ts';
import { alert } from '../../kit/alert.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut } from '../../kit/format.ts';
import { select } from '../../kit/parts.ts';
import type { ExplorerContext } from './explorer-context.ts';
import { shownItem, withFields } from './explorer-state.ts';
import { shortName } from './item-name.ts';
import { pager } from './pager.ts';
import { tryAgain } from './ranked-list.ts';

export const SEQUENCES_SHOWN = 8;

export function sequences(context: ExplorerContext): Drawn {
  const { text, state, answers, actions } = context;
  const { value, failure, isWaiting } = answers.sequences;
  const parts = [
    { value: '', label: text('anyPart') },
    ...SequencePart.options.map((part) => ({ value: part, label: text(part) })),
  ];
  const choose = (chosen: string): void => {
    const part = SequencePart.safeParse(chosen);
    actions.change((now) => withFields(now, { part: part.data, sequencesFrom: 0 }));
  };
  return h(
    'section',
    { class: 'sequences', 'aria-labelledby': 'sequences-title' },
    h('h2', { id: 'sequences-title' }, text('sequences')),
    h(
      'div',
      { class: 'toolbar' },
      select('part', text('part'), parts, state.part ?? '', (_, chosen) => choose(chosen)),
    ),
    failure !== undefined && alert(failure.message, failure.hint),
    failure !== undefined && tryAgain(text, actions.tryAgain),
    value === undefined && isWaiting && h('p', { class: 'muted waiting' }, text('loading')),
    value?.total === 0 && h('p', { class: 'note' }, text('sequencesNone')),
    value !== undefined &&
      h(
        'ul',
        { class: isWaiting ? 'cards is-stale' : 'cards' },
        ...value.sequences.map((one) => card(context, one)),
      ),
    value !== undefined &&
      pager(text, {
        ...{ from: state.sequencesFrom, shown: SEQUENCES_SHOWN, total: value.total },
        go: (sequencesFrom) => actions.change((now) => withFields(now, { sequencesFrom })),
      }),
  );
}

function card(
  context: ExplorerContext,
  { name, part, length, place, times, from, items }: ItemSequence,
): Drawn {
  const { text, state, actions } = context;
  const shown = shownItem(state);
  const steps = items.flatMap((item, at): Child[] => [
    at > 0 && h('span', { class: 'arrow', 'aria-hidden': 'true' }, ' → '),
    item === shown
      ? h('strong', {}, shortName(item, 40))
      : h(
          'button',
          { type: 'button', class: 'link', onClick: () => actions.visit(item) },
          shortName(item, 40),
        ),
  ]);
  const facts = [
    text('place', count(place + 1), count(length)),
    times > 1 ? text('times', count(times)) : '',
  ].filter((fact) => fact !== '');
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'card-head' },
      h('bdi', { class: 'name' }, cut(name, 80) || '–'),
      h('span', { class: 'tag' }, text(part)),
      h('span', { class: 'sub' }, facts.join(' · ')),
    ),
    h('p', { class: 'steps' }, from > 0 && '… → ', ...steps, from + items.length < length && ' → …'),
  );
}
