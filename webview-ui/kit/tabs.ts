/** Tabs as the pattern of ARIA has them: arrows, Home and End move, and the one that is shown is the one in the tab order. */
import { h } from './element.ts';
import type { Child, Drawn } from './element.ts';

export interface Tab {
  /** Unique on the page, and fit for an element's id. */
  readonly id: string;
  readonly label: string;
  readonly body: readonly Child[];
}

export interface TabsOptions {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly shown: string;
  readonly choose: (id: string) => void;
}

/** The list of tabs and their panels; those not shown are kept, so that the browser's own search finds what is in them. */
export function tabs(options: TabsOptions): Child[] {
  return [tabList(options), ...options.tabs.map((tab) => tabPanel(tab, options))];
}

function tabList({ label, tabs: all, shown, choose }: TabsOptions): Drawn {
  const move = (event: KeyboardEvent): void => {
    const to = tabAfter(event.key, all, shown);
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
    document.getElementById(`tab-${to}`)?.focus();
  };
  const buttons = all.map((tab) => {
    const selected = tab.id === shown;
    return h(
      'button',
      {
        id: `tab-${tab.id}`,
        key: tab.id,
        type: 'button',
        role: 'tab',
        'aria-selected': selected,
        'aria-controls': `panel-${tab.id}`,
        tabindex: selected ? 0 : -1,
        onClick: () => choose(tab.id),
        onKeyDown: move,
      },
      tab.label,
    );
  });
  return h('div', { class: 'tabs', role: 'tablist', 'aria-label': label, key: 'tabs' }, ...buttons);
}

function tabPanel({ id, body }: Tab, { shown, choose }: TabsOptions): Drawn {
  const attributes = {
    id: `panel-${id}`,
    key: id,
    class: 'panel',
    role: 'tabpanel',
    'aria-labelledby': `tab-${id}`,
    hidden: id === shown ? undefined : 'until-found',
    onBeforeMatch: () => choose(id),
  } as const;
  return h('div', attributes, ...body);
}

/** The tab that a key leads to; undefined for keys that lead nowhere. */
export function tabAfter(
  key: string,
  all: readonly { readonly id: string }[],
  shown: string,
): string | undefined {
  const at = all.findIndex(({ id }) => id === shown);
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: all.length - 1,
  };
  const to = steps[key];
  return to === undefined ? undefined : all[(to + all.length) % all.length]?.id;
}
