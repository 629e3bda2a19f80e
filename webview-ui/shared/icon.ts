/** Small icons drawn as paths (16 × 16), so that the card needs no font. They repeat what the text beside them says. */
import { svg } from './element.ts';

const paths = {
  succeeded: 'M13.3 4.3 6.5 11.2 2.9 7.7l-.9.9 4.5 4.5 7.7-7.9z',
  failed: 'm8 7.1 4.1-4.1.9.9L8.9 8l4.1 4.1-.9.9L8 8.9l-4.1 4.1-.9-.9L7.1 8 3 3.9l.9-.9z',
  running: 'M8 1.6a6.4 6.4 0 1 0 6.4 6.4h-1.5A4.9 4.9 0 1 1 8 3.1z',
  pending: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 1.3a4.7 4.7 0 1 0 0 9.4 4.7 4.7 0 0 0 0-9.4',
  cancelled:
    'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8m-3.7 9.5 7-7A4.9 4.9 0 0 0 4.3 11.3m7.4-6.6-7 7A4.9 4.9 0 0 0 11.7 4.7',
  skipped: 'M2 3.2 8 8l-6 4.8zM8 3.2 14 8l-6 4.8z',
  interrupted: 'M9.5 1 3 9h4l-1 6 6.5-8.2H8.6z',
  damaged: 'M2 2h5.2L6 6l2.5 1.6L6.6 14H2zm6.9 0H14v12H8.2l2-6.9L8 5.6z',
  warning: 'M8 1.6 15 14H1zm0 2.7L3.2 12.7h9.6zM7.4 6.5h1.2v3.5H7.4zm0 4.3h1.2V12H7.4z',
  star: 'm8 1.5 2 4.3 4.7.6-3.5 3.2.9 4.7L8 12l-4.1 2.3.9-4.7L1.3 6.4 6 5.8z',
} as const;

export type IconName = keyof typeof paths;

/** An icon that screen readers pass over. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('path', { d: paths[name], 'fill-rule': 'evenodd' }),
  );
}
