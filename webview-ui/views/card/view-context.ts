/** What every section is drawn from: the data, what the person chose, where it is shown, and what can be done. */
import type { cardPanel, CardState } from '../../../src/protocol/panels/card.ts';
import type { StringName } from '../../../src/protocol/panels/contract.ts';
import type { CardData } from '../../../src/protocol/run-view.ts';
import type { Opening } from '../../kit/parts.ts';

export interface CardActions {
  /** Sets a field of the state. */
  readonly choose: (field: string, value: string) => void;
  /** Sorts a table by a column, or turns its order around. */
  readonly sort: (column: string) => void;
  /** Follows a trial through the plot and the table. */
  readonly follow: (trial: string) => void;
  readonly copyCommand: () => void;
  /** Copies the command that uses what a tuning found. */
  readonly copyFound: () => void;
  readonly cancelRun: () => void;
  readonly resumeRun: () => void;
  readonly trainOnEverything: () => void;
  readonly openMap: () => void;
  readonly openLog: (path: string) => void;
  readonly openExplorer: () => void;
  /** Keeps which details are open. */
  readonly toggle: (id: string, open: boolean) => void;
}

export interface ViewContext {
  readonly card: CardData;
  readonly state: CardState;
  readonly host: 'vscode' | 'file';
  readonly text: (name: StringName<typeof cardPanel>, ...values: readonly string[]) => string;
  readonly actions: CardActions;
}

/** Whether details are open: as a person left them, or else as given. */
export function opening({ state, actions }: ViewContext, id: string, otherwise = false): Opening {
  return { open: state.open[id] ?? otherwise, toggle: (open) => actions.toggle(id, open) };
}
