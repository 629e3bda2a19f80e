/** Icons of the explorer's buttons. */
import arrowDown from '@vscode/codicons/src/icons/arrow-down.svg';
import arrowLeft from '@vscode/codicons/src/icons/arrow-left.svg';
import arrowRight from '@vscode/codicons/src/icons/arrow-right.svg';
import arrowUp from '@vscode/codicons/src/icons/arrow-up.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import gripper from '@vscode/codicons/src/icons/gripper.svg';
import pin from '@vscode/codicons/src/icons/pin.svg';
import pinned from '@vscode/codicons/src/icons/pinned.svg';
import search from '@vscode/codicons/src/icons/search.svg';
import { iconOf } from '../../kit/icon.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';

const files = {
  ...{ 'arrow-down': arrowDown, 'arrow-left': arrowLeft, 'arrow-right': arrowRight, 'arrow-up': arrowUp },
  ...{ close, gripper, pin, pinned, search },
} as const;
export type ExplorerIcon = keyof typeof files;

export function explorerIcon(name: ExplorerIcon): Drawn {
  return iconOf(files[name], name);
}

export interface IconButton {
  readonly icon: ExplorerIcon;
  /** Said by screen readers, and shown when the pointer rests on it. */
  readonly label: string;
  readonly press: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly id?: string;
}

export function iconButton({ icon, label, press, disabled = false, pressed, id }: IconButton): Drawn {
  const attributes = {
    ...({ id, type: 'button', class: 'icon-button', title: label, 'aria-label': label } as const),
    ...{ 'aria-pressed': pressed, disabled, onClick: press },
  } as const;
  return h('button', attributes, explorerIcon(icon));
}
