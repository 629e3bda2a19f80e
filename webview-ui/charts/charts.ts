/**
 * Charts are drawn after the page is laid out, because their width is that of the place they got, and drawn again only
 * when that width or what they show changes.
 */
import { h } from '../shared/element.ts';

export interface Chart {
  /** Unique on the page. */
  readonly id: string;
  /** What the chart shows, for people who don't see it; the figures stand in the table beside it. */
  readonly description: string;
  /** All that the drawing depends on, apart from its width. */
  readonly shows: unknown;
  /** @param width in CSS pixels */
  readonly draw: (width: number) => Element;
}

export class Charts {
  readonly #charts = new Map<string, { readonly signature: string; readonly chart: Chart }>();
  readonly #drawn = new WeakMap<Element, string>();
  readonly #observer = new ResizeObserver((entries) => {
    for (const entry of entries) this.#draw(entry.target);
  });

  /** A place for the chart; it is drawn by `drawAll` once the place is on the page. */
  place(chart: Chart): HTMLElement {
    this.#charts.set(chart.id, { signature: JSON.stringify(chart.shows), chart });
    const attributes = { class: 'chart-place', role: 'img', 'aria-label': chart.description };
    return h('div', {
      ...attributes,
      'data-chart': chart.id,
      'data-key': `chart-${chart.id}`,
      'data-keep': true,
    });
  }

  /** Draws the charts of a page, and keeps them as wide as their places. */
  drawAll(page: Element): void {
    for (const place of Array.from(page.querySelectorAll('[data-chart]'))) {
      this.#observer.observe(place);
      this.#draw(place);
    }
  }

  #draw(place: Element): void {
    const entry = this.#charts.get(place.getAttribute('data-chart') ?? '');
    const width = Math.floor(place.clientWidth);
    if (entry === undefined || width === 0) return;
    const signature = `${width} ${entry.signature}`;
    if (this.#drawn.get(place) === signature) return;
    this.#drawn.set(place, signature);
    place.replaceChildren(entry.chart.draw(width));
  }
}
