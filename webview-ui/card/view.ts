/** The whole card as a function of the data and of what the person chose. */
import type { CardData } from '../../src/protocol/run-view.ts';
import { h } from '../shared/element.ts';
import { dataTab } from './data-tab.ts';
import { header } from './header.ts';
import { resultsTab } from './results-tab.ts';
import { runTab } from './run-tab.ts';
import { trainingTab } from './training-tab.ts';
import { tuningTab } from './tuning-tab.ts';
import type { Tab } from './ui-state.ts';
import type { ViewContext } from './view-context.ts';

const all = [
  { id: 'tuning', label: 'Tuning', draw: tuningTab },
  { id: 'results', label: 'Results', draw: resultsTab },
  { id: 'training', label: 'Training', draw: trainingTab },
  { id: 'data', label: 'Data', draw: dataTab },
  { id: 'run', label: 'Run', draw: runTab },
] as const;

/** The tabs of a card: only a run that searches parameters has one for that. */
function tabsOf(card: CardData): readonly (typeof all)[number][] {
  return all.filter(({ id }) => id !== 'tuning' || card.tuning !== undefined);
}

/** Their names, in order. */
export function tabNames(card: CardData): Tab[] {
  return tabsOf(card).map(({ id }) => id);
}

/** The chosen tab; before any choice, the first that has something to show. */
export function shownTab({ card, state }: Pick<ViewContext, 'card' | 'state'>): Tab {
  if (state.tab !== undefined && tabNames(card).includes(state.tab)) return state.tab;
  if (card.tuning !== undefined) return 'tuning';
  if (card.report !== undefined) return 'results';
  if (Object.keys(card.losses).length > 0) return 'training';
  return card.profile === undefined ? 'run' : 'data';
}

/** The page under `<main>`. */
export function cardView(context: ViewContext): HTMLElement {
  const shown = shownTab(context);
  const panels = tabsOf(context.card).map(({ id, draw }) => {
    const attributes = {
      id: `panel-${id}`,
      role: 'tabpanel',
      'aria-labelledby': `tab-${id}`,
      hidden: id === shown ? undefined : 'until-found',
    };
    return h('div', { ...attributes, class: 'panel' }, draw(context));
  });
  return h('main', { id: 'card' }, header(context), tabList(context.card, shown), ...panels);
}

function tabList(card: CardData, shown: Tab): HTMLElement {
  const buttons = tabsOf(card).map(({ id, label }) => {
    const selected = id === shown;
    const attributes = {
      id: `tab-${id}`,
      role: 'tab',
      type: 'button',
      'aria-selected': String(selected),
      'aria-controls': `panel-${id}`,
      tabindex: selected ? 0 : -1,
    };
    return h('button', { ...attributes, 'data-action': 'tab', 'data-value': id }, label);
  });
  return h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the card' }, ...buttons);
}
