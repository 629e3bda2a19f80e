/** A field that finds items as one types: arrows choose, Enter takes, Escape leaves (the combobox pattern of ARIA). */
import { Component } from 'preact';
import { component, h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut } from '../../kit/format.ts';
import { RequestFailed } from '../../kit/request-failed.ts';
import type { FoundItems, Text } from './explorer-context.ts';
import { explorerIcon } from './icons.ts';
import { itemName } from './item-name.ts';
import { Latest } from './latest.ts';

/** Milliseconds without a key before what was typed is looked for. */
const PAUSE_MS = 60;

export interface SearchBoxOptions {
  /** Unique on the page, and fit for an element's id. */
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly text: Text;
  readonly search: (text: string, signal: AbortSignal) => Promise<FoundItems>;
  readonly take: (item: string) => void;
  /** Another one: what was found before is no longer shown. */
  readonly asked: string;
}

export function searchBox(options: SearchBoxOptions): Drawn {
  return component(SearchBox, { key: options.id, ...options });
}

interface SearchState {
  readonly typed: string;
  readonly isOpen: boolean;
  /** The option that Enter takes; −1: the first. */
  readonly active: number;
}

const CLOSED: SearchState = { typed: '', isOpen: false, active: -1 };

class SearchBox extends Component<SearchBoxOptions, SearchState> {
  override state = CLOSED;
  /** Enter was pressed before the answer came. */
  #isEntered = false;
  readonly #found = new Latest<FoundItems>(() => this.#settled());

  override componentDidUpdate(before: SearchBoxOptions, { active }: SearchState): void {
    if (before.asked !== this.props.asked) this.#close();
    const shown = document.getElementById(`${this.props.id}-${this.state.active}`);
    if (active !== this.state.active) shown?.scrollIntoView({ block: 'nearest' });
  }

  override componentWillUnmount(): void {
    this.#found.forget();
  }

  #settled(): void {
    const isEntered = this.#isEntered;
    this.#isEntered = false;
    if (isEntered && this.#items.length > 0) this.#take(this.#items[0]?.item);
    else this.setState({});
  }

  #type(typed: string): void {
    this.#isEntered = false;
    this.setState({ typed, isOpen: typed.trim() !== '', active: -1 });
    if (typed.trim() === '') this.#found.forget();
    else this.#found.ask(typed, (signal) => this.props.search(typed.trim(), signal), PAUSE_MS);
  }

  #close(): void {
    this.#isEntered = false;
    this.#found.forget();
    this.setState(CLOSED);
  }

  #take(item: string | undefined): void {
    if (item === undefined) return;
    this.#close();
    this.props.take(item);
  }

  get #items(): FoundItems['items'] {
    return this.#found.value?.items ?? [];
  }

  readonly #press = (event: KeyboardEvent): void => {
    const last = this.#items.length - 1;
    const { active, isOpen } = this.state;
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === 'ArrowDown') this.setState({ isOpen: true, active: active >= last ? 0 : active + 1 });
    else if (event.key === 'ArrowUp')
      this.setState({ isOpen: true, active: active <= 0 ? last : active - 1 });
    else if (event.key === 'Enter' && isOpen) this.#enter();
    else if (event.key === 'Escape' && isOpen) this.#close();
    else return;
    event.preventDefault();
  };

  #enter(): void {
    // What is still shown answers what was typed before, so one that was chosen of it is not what will be there.
    if (this.#found.isWaiting) this.#isEntered = this.state.active < 0;
    else this.#take(this.#items[Math.max(0, this.state.active)]?.item);
  }

  override render(): Drawn {
    const { id, label, hint } = this.props;
    const { typed, isOpen, active } = this.state;
    const options = this.#items;
    return h(
      'div',
      {
        class: 'search',
        onFocusOut: (event) => {
          if (event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))
            return;
          this.#isEntered = false;
          this.setState({ isOpen: false });
        },
      },
      explorerIcon('search'),
      h('input', {
        ...{ id, type: 'text', role: 'combobox', placeholder: hint, value: typed, autocomplete: 'off' },
        ...{ spellcheck: false, 'aria-label': label, 'aria-autocomplete': 'list' },
        'aria-expanded': isOpen,
        'aria-controls': `${id}-found`,
        'aria-activedescendant':
          isOpen && active >= 0 && options[active] !== undefined ? `${id}-${active}` : undefined,
        onInput: (event) => this.#type(event.currentTarget.value),
        onFocus: () => this.setState({ isOpen: typed.trim() !== '' }),
        onKeyDown: this.#press,
      }),
      this.#list(isOpen),
      h('span', { class: 'hidden-text', role: 'status' }, isOpen ? this.#said() : ''),
    );
  }

  #said(): string {
    const { text } = this.props;
    if (this.#found.isWaiting || this.#found.value === undefined) return '';
    return this.#items.length === 0 ? text('searchNone') : text('found', String(this.#items.length));
  }

  #list(isOpen: boolean): Drawn {
    const { id, label } = this.props;
    const options = isOpen ? this.#items.map((item, at) => this.#option(item, at)) : [];
    const note = isOpen && options.length === 0 ? this.#note() : undefined;
    return h(
      'div',
      { class: 'found', hidden: options.length === 0 && note === undefined },
      h('ul', { id: `${id}-found`, role: 'listbox', 'aria-label': label }, ...options),
      note,
    );
  }

  #note(): Child {
    const { failure, isWaiting, value } = this.#found;
    if (failure instanceof RequestFailed)
      return h('p', { class: 'found-note' }, cut([failure.message, failure.hint ?? ''].join(' '), 400));
    if (isWaiting || value === undefined) return undefined;
    return h('p', { class: 'found-note' }, this.props.text('searchNone'));
  }

  #option({ item, trainRows, how }: FoundItems['items'][number], at: number): Drawn {
    const { id, text } = this.props;
    return h(
      'li',
      {
        ...{ id: `${id}-${at}`, role: 'option', 'aria-selected': at === Math.max(0, this.state.active) },
        // Before the field loses the focus.
        onMouseDown: (event) => {
          event.preventDefault();
          this.#take(item);
        },
      },
      itemName(item),
      how === 'fuzzy' && h('span', { class: 'tag' }, text('searchFuzzy')),
      h('span', { class: 'found-rows' }, text('rows', count(trainRows))),
    );
  }
}
