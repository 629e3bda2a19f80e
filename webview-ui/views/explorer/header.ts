/** The top of the explorer: where one was, the search, and which run and model answer. */
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';
import { select } from '../../kit/parts.ts';
import type { ModelReference, RunModelEntry } from '../../../src/protocol/engine/explorer.ts';
import type { ExplorerState } from '../../../src/protocol/panels/explorer.ts';
import type { Answer, ExplorerContext, RunModels } from './explorer-context.ts';
import { answeredBy, step } from './explorer-state.ts';
import { iconButton } from './icons.ts';
import { tryAgain } from './ranked-list.ts';
import { searchBox } from './search-box.ts';

export function header(context: ExplorerContext): Drawn {
  const { text, state, actions, asked } = context;
  const go = (by: number) => (): void => actions.change((now) => step(now, by));
  const search = searchBox({
    ...{ id: 'search', label: text('searchLabel'), hint: text('searchHint'), text },
    ...{ search: actions.search, take: actions.visit, asked: JSON.stringify(asked) },
  });
  return h(
    'header',
    {},
    h('h1', { class: 'hidden-text' }, text('title')),
    h(
      'div',
      { class: 'bar-line' },
      iconButton({ icon: 'arrow-left', label: text('back'), press: go(-1), disabled: state.at <= 0 }),
      iconButton({
        ...{ icon: 'arrow-right', label: text('forward'), press: go(1) },
        disabled: state.at >= state.trail.length - 1,
      }),
      search,
    ),
    models(context),
  );
}

function models(context: ExplorerContext): Drawn {
  const { text, state, asked, actions, answers } = context;
  const { beside } = state;
  const set =
    (field: 'asked' | 'beside') =>
    (value: ModelReference | undefined): void =>
      actions.change((now) => answeredBy(now, { [field]: value }));
  const first = modelChoice(context, asked, answers.models, {
    ...{ id: 'asked', run: text('run'), model: text('model'), set: set('asked') },
  });
  if (beside === undefined)
    return h(
      'div',
      { class: 'models' },
      first,
      h(
        'button',
        { type: 'button', class: 'link', onClick: () => set('beside')(besideOf(context)) },
        text('compare'),
      ),
    );
  return h(
    'div',
    { class: 'models is-pair' },
    first,
    modelChoice(context, beside, answers.besideModels, {
      ...{ id: 'beside', run: text('besideRun'), model: text('besideModel'), set: set('beside') },
      more: iconButton({
        icon: 'close',
        label: text('stopComparing'),
        press: () => set('beside')(undefined),
      }),
    }),
  );
}

/** Another model of the same run, the first that is not the one that answers. */
function besideOf({ asked, answers, runs, state }: ExplorerContext): ModelReference {
  const { models: known = [], recommend, neighbours } = answers.models.value ?? {};
  const answering = asked.model === undefined ? [recommend, neighbours] : [asked.model];
  const other = known.find((one) => !answering.includes(one.name) && isOffered(state, one));
  const run = asked.run ?? runs?.[0]?.id;
  return { ...(run === undefined ? {} : { run }), ...(other === undefined ? {} : { model: other.name }) };
}

/** Of a model that was not tested, *Test queries* have nothing to show. */
function isOffered({ tab }: ExplorerState, { tested }: RunModelEntry): boolean {
  return tested || tab !== 'queries';
}

interface ModelChoice {
  readonly id: string;
  readonly run: string;
  readonly model: string;
  readonly set: (value: ModelReference) => void;
  readonly more?: Child;
}

function modelChoice(
  { runs = [], text, actions, state }: ExplorerContext,
  shown: ModelReference,
  { value, failure }: Answer<RunModels>,
  { id, run, model, set, more }: ModelChoice,
): Drawn {
  const known = value !== undefined && value.run === shown.run ? value.models : [];
  const names = known.map((one) => {
    const disabled = !isOffered(state, one);
    return { value: one.name, label: disabled ? text('untested', one.name) : one.name, disabled };
  });
  const missing =
    shown.model === undefined || names.some(({ value: name }) => name === shown.model)
      ? []
      : [{ value: shown.model, label: shown.model }];
  const runChoices = runs.map(({ id: value, label }) => ({ value, label }));
  const gone =
    shown.run === undefined || runs.some((one) => one.id === shown.run)
      ? []
      : [{ value: shown.run, label: shown.run }];
  return h(
    'div',
    { class: 'model-choice' },
    select(`${id}-run`, run, [...runChoices, ...gone], shown.run, (_, chosen) => set({ run: chosen })),
    select(
      `${id}-model`,
      model,
      [{ value: '', label: text('automatic') }, ...names, ...missing],
      shown.model ?? '',
      (_, chosen) =>
        set({
          ...(shown.run === undefined ? {} : { run: shown.run }),
          ...(chosen === '' ? {} : { model: chosen }),
        }),
    ),
    shown.run !== undefined &&
      h(
        'button',
        { type: 'button', class: 'link quiet', onClick: () => actions.openCard(shown.run ?? '') },
        text('openCard'),
      ),
    shown.run !== undefined &&
      h(
        'button',
        { type: 'button', class: 'link quiet', onClick: () => actions.openMap(shown.run ?? '', shown.model) },
        text('openMap'),
      ),
    more,
    failure !== undefined && h('span', { class: 'bad', role: 'alert' }, cut(failure.message, 200)),
    failure !== undefined && tryAgain(text, actions.tryAgain),
  );
}
