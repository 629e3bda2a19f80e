/** The theme's colours as numbers, which pixels need. */
import type { Colour, Ink } from '../../../src/drawing/palette.ts';

export interface ThemeInk extends Ink {
  readonly accent: Colour;
  readonly font: string;
}

/** A colour in any notation of CSS, as a canvas paints it. */
function painted(colour: string): Colour {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return 0;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return (red << 16) | (green << 8) | blue;
}

/** As the style sheet has them now: an element of its class is asked. */
export function themeInk(): ThemeInk {
  const probe = document.createElement('span');
  probe.className = 'ink-probe';
  document.body.append(probe);
  const { backgroundColor, color, outlineColor, fontFamily, fontSize } = getComputedStyle(probe);
  const ink = {
    background: painted(backgroundColor),
    foreground: painted(color),
    accent: painted(outlineColor),
    font: `${fontSize} ${fontFamily}`,
  };
  probe.remove();
  return ink;
}
