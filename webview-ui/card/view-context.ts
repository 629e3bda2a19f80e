/** What every section is drawn from: the data, what the person chose, where it is shown, and the charts to draw. */
import type { CardData } from '../../src/protocol/run-view.ts';
import type { Charts } from '../charts/charts.ts';
import type { UiState } from './ui-state.ts';

export interface ViewContext {
  readonly card: CardData;
  readonly state: UiState;
  readonly host: 'vscode' | 'browser';
  readonly charts: Charts;
}
