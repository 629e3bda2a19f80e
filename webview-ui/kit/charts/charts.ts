/**
 * Charts are drawn after the page is laid out, because their width is that of the place they got, and drawn again only
 * when that width or what they show changes.
 */
import { Component, render } from 'preact';
import { component, h } from '../element.ts';
import type { Drawn } from '../element.ts';

export interface Chart {
  /** Unique on the page. */
  readonly id: string;
  /** What the chart shows, for people who don't see it; the figures stand in the table beside it. */
  readonly description: string;
  /** All that the drawing depends on, apart from its width. */
  readonly shows: unknown;
  /** @param width in CSS pixels */
  readonly draw: (width: number) => Element | Drawn;
}

/** A place on the page for a chart, as wide as its surroundings let it be. */
export function chartPlace(chart: Chart): Drawn {
  return component(ChartPlace, { chart, key: `chart-${chart.id}` });
}

class ChartPlace extends Component<{ readonly chart: Chart }> {
  readonly #observer = new ResizeObserver(() => this.#draw());
  #place: HTMLElement | null = null;
  #drawn = '';

  override componentDidMount(): void {
    if (this.#place !== null) this.#observer.observe(this.#place);
    this.#draw();
  }

  override componentDidUpdate(): void {
    this.#draw();
  }

  override componentWillUnmount(): void {
    this.#observer.disconnect();
  }

  #draw(): void {
    const { chart } = this.props;
    const place = this.#place;
    const width = Math.floor(place?.clientWidth ?? 0);
    if (place === null || width === 0) return;
    const signature = `${width} ${JSON.stringify(chart.shows)}`;
    if (this.#drawn === signature) return;
    this.#drawn = signature;
    const drawn = chart.draw(width);
    if (drawn instanceof Element) place.replaceChildren(drawn);
    else render(drawn, place);
  }

  override render(): Drawn {
    const { chart } = this.props;
    return h('div', {
      class: 'chart-place',
      role: 'img',
      'aria-label': chart.description,
      'data-chart': chart.id,
      ref: (place: HTMLElement | null) => {
        this.#place = place;
      },
    });
  }
}
