/** The request: an item or a list, how many, and whether the query's own items may come back. */
import type { EndpointPanelContract, EndpointQuery } from '../../../src/protocol/panels/endpoint.ts';
import type { StringName } from '../../../src/protocol/panels/contract.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';

export type Text = (name: StringName<EndpointPanelContract>, ...values: readonly string[]) => string;

export interface QueryFormOptions {
  readonly text: Text;
  readonly query: EndpointQuery;
  /** Absent before the endpoint has told. */
  readonly maxK: number | undefined;
  readonly suggested: readonly string[];
  readonly isSending: boolean;
  readonly change: (query: EndpointQuery) => void;
  readonly typed: (item: string) => void;
  readonly send: () => void;
}

const SUGGESTIONS = 'endpoint-suggestions';
const MOST_ITEMS = 1000;

export function queryForm(options: QueryFormOptions): Drawn {
  const { text, query, isSending, change, send } = options;
  const submit = (event: Event): void => {
    event.preventDefault();
    send();
  };
  return h(
    'form',
    { class: 'endpoint-form', onSubmit: submit },
    h(
      'label',
      { class: 'field' },
      text('signature'),
      h(
        'select',
        {
          id: 'endpoint-signature',
          value: query.list ? 'recommend' : 'serving_default',
          onChange: (event) => change({ ...query, list: event.currentTarget.value === 'recommend' }),
        },
        h('option', { value: 'serving_default' }, text('one')),
        h('option', { value: 'recommend' }, text('many')),
      ),
    ),
    query.list ? listField(options) : itemField(options),
    query.list && countField(options),
    query.list && excludeField(options),
    h(
      'button',
      { id: 'endpoint-send', type: 'submit', class: 'button', disabled: isSending },
      isSending ? text('sending') : text('send'),
    ),
  );
}

function itemField({ text, query, suggested, change, typed }: QueryFormOptions): Drawn {
  return h(
    'label',
    { class: 'field' },
    text('item'),
    h('input', {
      ...{ id: 'endpoint-item', type: 'text', list: SUGGESTIONS, autocomplete: 'off', spellcheck: false },
      value: query.items[0] ?? '',
      onInput: ({ currentTarget: { value } }) => {
        change({ ...query, items: [value, ...query.items.slice(1)] });
        typed(value);
      },
    }),
    h('datalist', { id: SUGGESTIONS }, ...suggested.map((item) => h('option', { key: item, value: item }))),
  );
}

function listField({ text, query, change }: QueryFormOptions): Drawn {
  return h(
    'label',
    { class: 'field endpoint-items' },
    text('items'),
    h('textarea', {
      ...{ id: 'endpoint-items', rows: 4, spellcheck: false },
      value: query.items.join('\n'),
      onInput: ({ currentTarget: { value } }) =>
        change({ ...query, items: value.split('\n').slice(0, MOST_ITEMS) }),
    }),
  );
}

function countField({ text, query, maxK, change }: QueryFormOptions): Drawn {
  return h(
    'label',
    { class: 'field' },
    text('k'),
    h('input', {
      ...{ id: 'endpoint-k', type: 'number', min: 1, max: maxK, value: query.k },
      onInput: ({ currentTarget: { valueAsNumber: k } }) => {
        if (Number.isInteger(k) && k >= 1 && k <= 1_000_000) change({ ...query, k });
      },
    }),
  );
}

function excludeField({ text, query, change }: QueryFormOptions): Drawn {
  return h(
    'label',
    { class: 'field endpoint-exclude' },
    h('input', {
      ...{ id: 'endpoint-exclude', type: 'checkbox', checked: query.excludeQuery },
      onChange: (event) => change({ ...query, excludeQuery: event.currentTarget.checked }),
    }),
    text('exclude'),
  );
}
