/** Observable Plot with the looks of the card, and without what a strict content security policy forbids. */
import { plot } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';

/** Room that a text takes at the charts' size of type, roughly, in pixels. */
export function textWidth(text: string): number {
  return text.length * 6.4;
}

/** The width below which row labels stand above their rows instead of beside them. */
export const NARROW = 460;

/**
 * Draws a plot. Its own `<style>` element is removed before it reaches the page, where the policy would block it;
 * the rules are in `card.css`.
 */
export function drawPlot(options: PlotOptions): Element {
  const drawn = plot({ className: 'plot', ...options });
  for (const style of Array.from(drawn.querySelectorAll('style'))) style.remove();
  drawn.setAttribute('aria-hidden', 'true');
  return drawn;
}
