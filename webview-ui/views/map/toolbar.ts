import {
  LONGEST_KEYWORD,
  METHOD_TITLES,
  type ProjectionMethod,
  type ProjectionProgress,
} from '../../../src/protocol/projection.ts';
import { MapTool, type MapColour, type MapState } from '../../../src/protocol/panels/map.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { segmented, select } from '../../kit/parts.ts';
import type { MapText } from './map-text.ts';

export interface ToolbarOptions {
  readonly state: MapState;
  readonly text: MapText;
  readonly methods: readonly ProjectionMethod[];
  readonly colours: readonly MapColour[];
  /** Of the picture that is being made. */
  readonly progress: ProjectionProgress | undefined;
  readonly canStop: boolean;
  readonly choose: (field: 'method' | 'colour' | 'tool', value: string) => void;
  readonly search: (text: string) => void;
  readonly setKeyword: (word: string) => void;
  readonly toggleLabels: (on: boolean) => void;
  readonly stop: () => void;
}

export function toolbar(options: ToolbarOptions): Drawn {
  const { state, text, methods, colours, choose } = options;
  const choice = (field: 'method' | 'colour' | 'tool') => (_: string, value: string) => choose(field, value);
  return h(
    'div',
    { class: 'map-toolbar' },
    segmented(
      'method',
      text('method'),
      methods.map((value) => ({ value, label: METHOD_TITLES[value] })),
      state.method,
      choice('method'),
    ),
    progressOf(options),
    select(
      'colour',
      text('colour'),
      colours.map((value) => ({ value, label: text(`colour ${value}`) })),
      state.colour,
      choice('colour'),
    ),
    state.colour === 'keyword' && keywordField(options),
    segmented(
      'tool',
      text('tool'),
      MapTool.options.map((value) => ({ value, label: text(`tool ${value}`) })),
      state.tool,
      choice('tool'),
    ),
    h(
      'label',
      { class: 'field' },
      h('input', {
        type: 'checkbox',
        checked: state.labels,
        onChange: (event) => options.toggleLabels(event.currentTarget.checked),
      }),
      h('span', {}, text('labels')),
    ),
    h('input', {
      id: 'map-search',
      type: 'search',
      class: 'map-search',
      placeholder: text('search'),
      'aria-label': text('search'),
      value: state.search,
      onInput: (event) => options.search(event.currentTarget.value),
    }),
  );
}

/** How far the picture is, with a way to stop. */
function progressOf({ progress, canStop, text, stop }: ToolbarOptions): Child {
  if (progress === undefined) return false;
  const { stage, epoch, epochs } = progress;
  return h(
    'span',
    { class: 'map-progress' },
    h('progress', { max: 1, value: epochs === 0 ? undefined : epoch / epochs, 'aria-label': text('method') }),
    h('span', {}, text(`stage ${stage}`, String(epoch), String(epochs))),
    canStop && h('button', { type: 'button', class: 'button', onClick: stop }, text('stop')),
  );
}

function keywordField({ state, text, setKeyword }: ToolbarOptions): Drawn {
  return h('input', {
    id: 'map-keyword',
    type: 'search',
    class: 'map-search',
    placeholder: text('keyword'),
    'aria-label': text('keyword'),
    maxLength: LONGEST_KEYWORD,
    value: state.keyword ?? '',
    onInput: (event) => setKeyword(event.currentTarget.value),
  });
}
