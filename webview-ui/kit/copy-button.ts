/** A button that says for a moment that it has copied. */
import { Component } from 'preact';
import { component, h } from './element.ts';
import type { Drawn } from './element.ts';

const SAID_MS = 1500;

export interface CopyButtonOptions {
  readonly label: string;
  readonly copied: string;
  /** Fit for an element's id. */
  readonly id: string;
  readonly copy: () => void;
}

export function copyButton(options: CopyButtonOptions): Drawn {
  return component(CopyButton, options);
}

class CopyButton extends Component<CopyButtonOptions, { readonly copied: boolean }> {
  override state = { copied: false };
  #timer: ReturnType<typeof setTimeout> | undefined;

  #copy(): void {
    this.props.copy();
    this.setState({ copied: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.setState({ copied: false }), SAID_MS);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  override render(): Drawn {
    const { id, label, copied } = this.props;
    const attributes = { id, type: 'button', class: 'button', onClick: () => this.#copy() } as const;
    return h('button', attributes, this.state.copied ? copied : label);
  }
}
