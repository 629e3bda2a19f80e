/** The whole card as a function of the data and of what the person chose. */
import type { CardData } from '../../../src/protocol/run-view.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';
import { tabs } from '../../kit/tabs.ts';
import { drawSection } from '../../kit/card-section.ts';
import { dataTab } from './data-tab.ts';
import { header } from './header.ts';
import { resultsTab } from './results-tab.ts';
import { runTab } from './run-tab.ts';
import { trainingTab } from './training-tab.ts';
import { tuningTab } from './tuning-tab.ts';
import type { ViewContext } from './view-context.ts';

/** The card's own tabs, and whether a run has something for each. */
const OWN = [
  { id: 'tuning', has: ({ tuning }: CardData) => tuning !== undefined, draw: tuningTab },
  { id: 'results', has: ({ report }: CardData) => report !== undefined, draw: resultsTab },
  { id: 'training', has: ({ losses }: CardData) => Object.keys(losses).length > 0, draw: trainingTab },
  { id: 'data', has: ({ profile }: CardData) => profile !== undefined, draw: dataTab },
  { id: 'run', has: () => true, draw: runTab },
] as const;

interface CardTab {
  readonly id: string;
  readonly label: (text: ViewContext['text']) => string;
  /** False for a tab that only says why it is empty. */
  readonly full: boolean;
  readonly body: (context: ViewContext) => readonly Child[];
}

/** An element's id from any title; different titles have different ids. */
export function tabId(title: string): string {
  return `flow-${title.replace(/[^a-zA-Z0-9]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)}`;
}

/**
 * The tabs of a card. Only a run that searches parameters has one for that; where the flow brings sections of its own,
 * tabs that would only say that they are empty are left out.
 */
export function tabsOf(card: CardData): CardTab[] {
  const sections = (card.sections ?? []).map((section, index) => ({
    tab: section.tab,
    draw: () => drawSection(section, `section-${index}`),
  }));
  const own = OWN.flatMap(({ id, has, draw }): CardTab[] => {
    const added = sections.filter(({ tab }) => tab === id);
    const full = has(card) || added.length > 0;
    if (!full && (id === 'tuning' || sections.length > 0)) return [];
    const body = (context: ViewContext): Child[] => [
      (has(card) || !full) && draw(context),
      added.length > 0 && h('div', {}, ...added.map((section) => section.draw())),
    ];
    return [{ id, label: (text) => text(id), full, body }];
  });
  const titles = [...new Set(sections.map(({ tab }) => tab))].filter(
    (tab) => !OWN.some(({ id }) => id === tab),
  );
  const added = titles.map((title): CardTab => {
    const body = (): Child[] => [
      h('div', {}, ...sections.filter(({ tab }) => tab === title).map((section) => section.draw())),
    ];
    return { id: tabId(title), label: () => cut(title, 40), full: true, body };
  });
  return [...added, ...own];
}

/** The chosen tab; before any choice, the first that has something to show. */
export function shownTab({ card, state }: Pick<ViewContext, 'card' | 'state'>): string {
  const all = tabsOf(card);
  const chosen = all.find(({ id }) => id === state.tab) ?? all.find(({ full }) => full);
  return chosen?.id ?? 'run';
}

/** The page under `<main>`. */
export function cardView(context: ViewContext): Drawn {
  const { text, actions } = context;
  const all = tabsOf(context.card).map(({ id, label, body }) => ({
    id,
    label: label(text),
    body: body(context),
  }));
  return h(
    'main',
    { id: 'card' },
    header(context),
    ...tabs({
      label: text('tabs'),
      tabs: all,
      shown: shownTab(context),
      choose: (id) => actions.choose('tab', id),
    }),
  );
}
