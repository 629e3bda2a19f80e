/** The whole explorer as a function of what was answered and of what the person chose. */
import { ExplorerTab } from '../../../src/protocol/panels/explorer.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { count } from '../../kit/format.ts';
import { tabs } from '../../kit/tabs.ts';
import type { ExplorerContext } from './explorer-context.ts';
import { show } from './explorer-state.ts';
import { header } from './header.ts';
import { itemTab } from './item-tab.ts';
import { listTab } from './list-tab.ts';
import { queriesTab } from './queries-tab.ts';

export function explorerView(context: ExplorerContext): Drawn {
  const { text, state, actions } = context;
  const { length } = state.list;
  const hasRuns = context.runs === undefined || context.runs.length > 0;
  // Only the part that is shown is drawn: the others ask nothing, and have nothing to show.
  const drawn = (tab: ExplorerTab, draw: typeof itemTab) =>
    state.tab === tab && hasRuns ? draw(context) : [];
  return h(
    'main',
    { id: 'explorer' },
    hasRuns
      ? header(context)
      : h('div', { class: 'start' }, h('h1', {}, text('noRuns')), h('p', {}, text('noRunsHint'))),
    ...(hasRuns
      ? tabs({
          label: text('parts'),
          tabs: [
            { id: 'item', label: text('tabItem'), body: drawn('item', itemTab) },
            {
              id: 'list',
              label: length === 0 ? text('tabList') : text('tabListOf', count(length)),
              body: drawn('list', listTab),
            },
            { id: 'queries', label: text('tabQueries'), body: drawn('queries', queriesTab) },
          ],
          shown: state.tab,
          choose: (id) => {
            const tab = ExplorerTab.safeParse(id);
            if (tab.success) actions.change((now) => show(now, tab.data));
          },
        })
      : []),
  );
}
