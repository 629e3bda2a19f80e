/** What can be done with a list of items as a whole. */
import { copyButton } from '../../kit/copy-button.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import type { MapText } from './map-text.ts';

export interface ListButtonsOptions {
  /** Fit for an element's id. */
  readonly id: string;
  readonly rows: readonly number[];
  readonly text: MapText;
  readonly copy: (rows: readonly number[]) => void;
  readonly save: (rows: readonly number[]) => void;
  /** Absent: there is nothing to clear. */
  readonly clear?: () => void;
}

export function listButtons({ id, rows, text, copy, save, clear }: ListButtonsOptions): Drawn {
  const button = (label: string, onClick: () => void): Drawn =>
    h('button', { type: 'button', class: 'button', onClick }, label);
  return h(
    'div',
    { class: 'map-buttons' },
    rows.length > 0 &&
      copyButton({ label: text('copyList'), copied: text('copied'), id, copy: () => copy(rows) }),
    rows.length > 0 && button(text('saveList'), () => save(rows)),
    clear !== undefined && button(text('clear'), clear),
  );
}
