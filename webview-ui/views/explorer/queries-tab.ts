/** Lists of the test part with what came next, and what each model put first. */
import type { QueriesReply, TestedQuery, TestedSide } from '../../../src/protocol/engine/explorer.ts';
import { HIT_DEPTH, LONGEST_LIST, Outcome } from '../../../src/protocol/engine/explorer.ts';
import { alert } from '../../kit/alert.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut } from '../../kit/format.ts';
import { icon } from '../../kit/icon.ts';
import { segmented, select } from '../../kit/parts.ts';
import type { ExplorerContext } from './explorer-context.ts';
import { withFields } from './explorer-state.ts';
import { fewRowsMark } from './few-rows.ts';
import { itemName, shortName } from './item-name.ts';
import { pager } from './pager.ts';
import { pinButton, tryAgain } from './ranked-list.ts';

export const QUERIES_SHOWN = 20;
/** Items of a query that are shown, the newest. */
const NEWEST = 8;

export function queriesTab(context: ExplorerContext): readonly Child[] {
  const { text, state, answers, actions } = context;
  const { value, failure, isWaiting } = answers.queries;
  const go = (queriesFrom: number): void =>
    actions.change((now) => withFields(now, { queriesFrom, scroll: 0 }));
  const pages = (total: number): Child =>
    pager(text, { from: state.queriesFrom, shown: QUERIES_SHOWN, total, go });
  return [
    h('p', { class: 'intro' }, text('queriesIntro')),
    choices(context, value),
    failure !== undefined && alert(failure.message, failure.hint),
    failure !== undefined && tryAgain(text, actions.tryAgain),
    value === undefined &&
      failure === undefined &&
      h('p', { class: 'muted waiting', role: 'status' }, isWaiting ? text('loading') : ''),
    value !== undefined &&
      h(
        'div',
        { class: isWaiting ? 'queries is-stale' : 'queries', 'aria-busy': isWaiting },
        summary(context, value),
        value.matching === 0 && h('p', { class: 'note' }, text('queriesNone')),
        pages(value.matching),
        ...value.queries.map((query) => card(context, value, query)),
        pages(value.matching),
      ),
  ];
}

function choices({ text, state, actions }: ExplorerContext, reply: QueriesReply | undefined): Drawn {
  const slices = (reply?.slices ?? []).map(({ slice, group, queries }) => ({
    value: JSON.stringify({ slice, group }),
    label: `${slice}: ${group} (${count(queries)})`,
  }));
  const all = { value: '', label: text('allQueries', count(reply?.all ?? 0)) };
  const { slice: chosenSlice } = state;
  const isPair = state.beside !== undefined;
  const outcomes: readonly [Outcome, Parameters<typeof text>[0]][] = isPair
    ? [
        ['any', 'any'],
        ['allHit', 'allHit'],
        ['oneHits', 'oneHits'],
        ['allMiss', 'allMiss'],
      ]
    : [
        ['any', 'any'],
        ['allHit', 'hit'],
        ['allMiss', 'miss'],
      ];
  const chosen = chosenSlice === undefined ? '' : JSON.stringify(chosenSlice);
  // Queries of other data may have none of this kind; one sees why there are none, and can choose anew.
  const missing =
    chosenSlice === undefined || slices.some(({ value }) => value === chosen)
      ? []
      : [{ value: chosen, label: `${chosenSlice.slice}: ${chosenSlice.group}` }];
  const setSlice = (value: string): void => {
    const slice = reply?.slices.find(
      ({ slice: of, group }) => JSON.stringify({ slice: of, group }) === value,
    );
    const cutOf = slice === undefined ? undefined : { slice: slice.slice, group: slice.group };
    actions.change((now) => withFields(now, { slice: cutOf, queriesFrom: 0 }));
  };
  const setOutcome = (value: string): void => {
    const outcome = Outcome.safeParse(value);
    if (outcome.success) actions.change((now) => withFields(now, { outcome: outcome.data, queriesFrom: 0 }));
  };
  const options = outcomes.map(([value, name]) => ({ value, label: text(name) }));
  return h(
    'div',
    { class: 'toolbar' },
    select('slice', text('slice'), [all, ...slices, ...missing], chosen, (_, value) => setSlice(value)),
    segmented('outcome', text('outcome'), options, state.outcome, (_, value) => setOutcome(value)),
  );
}

function summary({ text }: ExplorerContext, { sides, matching }: QueriesReply): Drawn {
  const lines = sides.map(({ run, model, hits, seen }) =>
    h(
      'li',
      { key: `${run} ${model}` },
      h('strong', {}, cut(model, 60)),
      ` ${text('hitsOf', count(hits), count(matching))} `,
      h('span', { class: 'sub' }, text(seen === 'kept' ? 'seenKept' : 'seenRemoved')),
    ),
  );
  return h('ul', { class: 'summary' }, ...lines);
}

function card(context: ExplorerContext, reply: QueriesReply, query: TestedQuery): Drawn {
  const { text, actions } = context;
  const { newest, length, target, sequence, number, repeated } = query;
  const shown = newest.slice(-NEWEST);
  const older = length - shown.length;
  const steps = shown.flatMap((item, at): Child[] => [
    at > 0 && h('span', { class: 'arrow', 'aria-hidden': 'true' }, ' → '),
    h('button', { type: 'button', class: 'link', onClick: () => actions.visit(item) }, shortName(item, 40)),
  ]);
  return h(
    'article',
    { class: 'query', key: String(number), 'aria-label': cut(sequence, 60) || String(number) },
    h(
      'div',
      { class: 'card-head' },
      h('h2', {}, h('bdi', {}, cut(sequence, 80) || `#${number + 1}`)),
      h(
        'button',
        { type: 'button', class: 'link', onClick: () => actions.openList(newest) },
        text('openAsList'),
      ),
    ),
    h(
      'p',
      { class: 'steps' },
      older > 0 && h('span', { class: 'muted' }, `${text('olderItems', count(older))} → `),
      ...steps,
    ),
    length > newest.length && h('p', { class: 'sub' }, text('listCut', count(LONGEST_LIST))),
    h(
      'p',
      { class: 'truth' },
      h('span', { class: 'muted' }, `${text('came')}: `),
      h(
        'button',
        { type: 'button', class: 'walk', onClick: () => actions.visit(target.item) },
        itemName(target.item),
      ),
      fewRowsMark(target.trainRows, text) ??
        h('span', { class: 'sub' }, text('rows', count(target.trainRows))),
      repeated && h('span', { class: 'tag' }, text('isRepeat')),
      pinButton(context, target.item),
    ),
    h(
      'div',
      { class: query.sides.length === 2 ? 'side-lists' : 'one-list' },
      ...query.sides.map((side, at) => sideOf(context, side, query, reply.sides[at]?.model ?? '')),
    ),
  );
}

function sideOf(context: ExplorerContext, side: TestedSide, { target }: TestedQuery, model: string): Drawn {
  const { text, actions } = context;
  const rows = side.list.map((item, at) =>
    h(
      'li',
      { key: item, class: item === target.item ? 'is-target' : undefined },
      h('span', { class: 'place' }, String(at + 1)),
      h('button', { type: 'button', class: 'walk', onClick: () => actions.visit(item) }, itemName(item)),
      item === target.item && h('span', { class: 'tag' }, text('came')),
    ),
  );
  return h(
    'div',
    { class: 'tested' },
    h('p', { class: 'tested-head' }, h('strong', {}, cut(model, 60)), verdict(context, side, target.item)),
    h('ol', { class: 'tested-rows' }, ...rows),
  );
}

function verdict({ text }: ExplorerContext, { rank, list }: TestedSide, target: string): Drawn {
  const isHit = rank >= 1 && rank <= HIT_DEPTH;
  const ties = !isHit && list.includes(target);
  const said = isHit
    ? text('hitAt', String(rank))
    : rank === 0
      ? text('missBeyond')
      : text('missAt', String(rank));
  return h(
    'span',
    { class: isHit ? 'verdict is-hit' : 'verdict is-miss', title: ties ? text('tieNote') : undefined },
    isHit && icon('succeeded'),
    said,
    ties && h('span', { class: 'tag' }, text('tie')),
    ties && h('span', { class: 'hidden-text' }, text('tieNote')),
  );
}
