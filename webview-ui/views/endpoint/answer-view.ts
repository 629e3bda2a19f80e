/** What came back: the list with bars, and both bodies as they were. */
import { itemLabel } from '../../../src/drawing/item-label.ts';
import type { EndpointAnswer } from '../../../src/protocol/panels/endpoint.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { cut, significant } from '../../kit/format.ts';
import { bar, name } from '../../kit/parts.ts';
import type { Text } from './query-form.ts';

const NAME_LETTERS = 200;
const BODY_LETTERS = 100_000;
const LINE_LETTERS = 2_000;

export function answerView(text: Text, answer: EndpointAnswer): Drawn {
  const { status, milliseconds, version, request, response, list } = answer;
  const [code, time] = [String(status), milliseconds.toFixed(1)];
  const took = version === undefined ? text('statusAlone', code, time) : text('status', code, time, version);
  return h(
    'section',
    { id: 'endpoint-answer', 'aria-live': 'polite' },
    h(
      'p',
      { class: status < 400 ? 'muted' : 'endpoint-refused' },
      status < 400 ? took : `${text('failed')} ${took}`,
    ),
    list !== undefined && rankedList(text, list),
    body(text('request'), 'endpoint-request', request),
    body(text('response'), 'endpoint-response', response),
  );
}

function rankedList(text: Text, { items, answeredBy }: NonNullable<EndpointAnswer['list']>): Drawn {
  const largest = items.reduce((most, { score }) => Math.max(most, Math.abs(score)), 0);
  const share = (score: number): number => (largest > 0 ? Math.abs(score) / largest : 0);
  const by =
    answeredBy === 'model' || answeredBy === 'popularity'
      ? (`by ${answeredBy}` as const)
      : ('by nothing' as const);
  return h(
    'section',
    {},
    h('h2', {}, text('ranked')),
    h('p', { class: 'muted' }, text(by)),
    h(
      'ol',
      { class: 'endpoint-list' },
      ...items.map(({ item, score }, at) =>
        h(
          'li',
          { key: String(at) },
          h('span', { class: 'endpoint-name' }, name(itemLabel(item, NAME_LETTERS), NAME_LETTERS)),
          bar(share(score)),
          h('span', { class: 'endpoint-score' }, significant(score, 3)),
        ),
      ),
    ),
  );
}

function body(title: string, id: string, content: string): Drawn {
  // Line by line: a cut text is one line.
  const lines = content.slice(0, BODY_LETTERS).split('\n');
  const shown = lines.map((line) => cut(line, LINE_LETTERS)).join('\n');
  return h('section', {}, h('h2', {}, title), h('pre', { id, tabIndex: 0 }, shown));
}
