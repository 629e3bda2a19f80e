/** How a list is ranked: the first ten after a held-out list, with what each part adds to their scores, and facts. */
import type { ExplainedItem, ExplainedQuery, ExplainedRanking } from '../../../src/protocol/explanation.ts';
import { factWords } from '../../../src/protocol/text/fact-words.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut, percent, plural, significant } from '../../kit/format.ts';
import { bar, name, section, select } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import { partBar, scaleOf, signedPart } from '../../kit/part-bar.ts';
import type { PartScale } from '../../kit/part-bar.ts';
import { partPaints, partSample } from '../../kit/part-styles.ts';
import type { ViewContext } from './view-context.ts';

/** The last of the list that counts as a hit. */
const LISTED = 10;

export function explainedSection({ card, state, actions }: ViewContext): Child {
  const { explained } = card;
  const place = Number(state.explained ?? 0);
  const query = explained?.queries[place] ?? explained?.queries[0];
  if (explained === undefined || query === undefined) return undefined;
  const shown = explained.queries.indexOf(query);
  const choices = explained.queries.map((one, at) => ({ value: String(at), label: choiceText(one, at) }));
  return section(
    'How a list is ranked',
    `${cut(explained.model, 60)} ranks items by a sum. Bars show what each part adds to an item’s score beside the average of the items it competes with: to the right it lifts the item, to the left it lowers it; together they make the item’s lead. The lists are a sample of the test part, with what really came next.`,
    partPaints(),
    h('div', { class: 'toolbar' }, select('explained', 'List', choices, String(shown), actions.choose)),
    queryText(query),
    legend(explained),
    rankedList(explained, query),
    carriedTable(explained),
  );
}

const isHit = ({ rank }: ExplainedQuery): boolean => rank >= 1 && rank <= LISTED;

function choiceText(query: ExplainedQuery, at: number): string {
  const found = query.rank === 0 ? 'beyond 100' : `rank ${query.rank}`;
  return `${at + 1}. ${isHit(query) ? 'Hit' : 'Miss'}, ${found}: ${cut(query.target, 40)}`;
}

function queryText({ newest, length, target, rank }: ExplainedQuery): Drawn {
  const older = length - newest.length;
  const items = newest.flatMap((item, at): Child[] => [at > 0 && ' → ', name(item, 60)]);
  const place = rank === 0 ? 'beyond the first 100' : `at rank ${rank}`;
  return h(
    'p',
    { class: 'asked', 'aria-live': 'polite' },
    older > 0 && `After ${plural(older, 'older item')} and `,
    older <= 0 && 'After ',
    ...items,
    ' came ',
    h('strong', {}, name(target, 60)),
    `: ${place}.`,
  );
}

/** Groups that carry something, with their places: weights may leave some out. */
function carrying({ groups, carried }: ExplainedRanking): { group: string; at: number; part: number }[] {
  const all = groups.map((group, at) => ({ group, at, part: carried.parts[at] ?? 0 }));
  return all.filter(({ part }) => part > 0);
}

function legend(explained: ExplainedRanking): Drawn {
  const entries = carrying(explained).map(({ group, at }) =>
    h('li', { class: 'legend' }, partSample(at), name(group, 60)),
  );
  return h('ul', { class: 'legends' }, ...entries);
}

function rankedList(explained: ExplainedRanking, query: ExplainedQuery): Drawn {
  const { targetExplained: beyond } = query;
  const items = beyond === undefined ? query.list : [...query.list, beyond];
  const scale = scaleOf(items.map(({ parts }) => parts));
  const row = (item: ExplainedItem, rank: string): Drawn =>
    itemRow(explained, { item, rank, scale, isTarget: item.item === query.target });
  return h(
    'ol',
    { class: 'ranked', 'aria-label': 'The first ten items' },
    ...query.list.map((item, at) => row(item, String(at + 1))),
    beyond !== undefined && row(beyond, query.rank === 0 ? '> 100' : String(query.rank)),
  );
}

interface RowOptions {
  readonly item: ExplainedItem;
  readonly rank: string;
  readonly scale: PartScale;
  readonly isTarget: boolean;
}

function itemRow(
  { groups, groupName }: ExplainedRanking,
  { item, rank, scale, isTarget }: RowOptions,
): Drawn {
  const { parts, facts } = item;
  const words = facts.map((fact) => cut(factWords(fact, groupName), 120)).join(' · ');
  const lead = parts.reduce((sum, part) => sum + part, 0);
  return h(
    'li',
    { class: isTarget ? 'target' : undefined },
    h('span', { class: 'rank' }, rank),
    h(
      'div',
      { class: 'ranked-item' },
      h(
        'div',
        { class: 'ranked-name' },
        name(item.item, 80),
        isTarget && h('span', { class: 'tag' }, 'came next'),
        parts.length > 0 && h('span', { class: 'lead' }, signedPart(lead)),
      ),
      parts.length > 0
        ? partBar(groups, parts, scale)
        : h('p', { class: 'sub' }, 'Filled in by popularity: the model has no score for it.'),
      words !== '' && h('p', { class: 'sub' }, h('bdi', {}, words)),
    ),
  );
}

/** What parts carry over all queries of the sample. */
function carriedTable(explained: ExplainedRanking): Drawn {
  const { model, carried } = explained;
  const total = carried.parts.reduce((sum, part) => sum + part, 0);
  const order = carrying(explained).sort((a, b) => b.part - a.part);
  return dataTable({
    id: 'carried',
    caption: `What carries the first ten of ${cut(model, 60)}: the mean size of each part over ${plural(carried.queries, 'list')} of the test part`,
    captionShown: true,
    columns: [
      { id: 'part', label: 'Part' },
      { id: 'size', label: 'Mean size', numeric: true },
      { id: 'share', label: 'Share', numeric: true },
      { id: 'bar', label: 'Share as a bar', labelHidden: true },
    ],
    rows: order.map(({ group, at, part }) => ({
      head: h('span', { class: 'legend' }, partSample(at), name(group, 60)),
      cells: [
        significant(part, 2),
        percent(part / Math.max(total, Number.MIN_VALUE)),
        bar(part / Math.max(total, 1e-9)),
      ],
    })),
  });
}
