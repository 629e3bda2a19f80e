/**
 * VS Code's own icons, each as the paths of its SVG file: a card that is a file of its own has no font to load, and a
 * bundle holds only the icons that it draws. They repeat what the text beside them says.
 */
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import circle from '@vscode/codicons/src/icons/circle.svg';
import disconnect from '@vscode/codicons/src/icons/debug-disconnect.svg';
import stepOver from '@vscode/codicons/src/icons/debug-step-over.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import loading from '@vscode/codicons/src/icons/loading.svg';
import pass from '@vscode/codicons/src/icons/pass.svg';
import star from '@vscode/codicons/src/icons/star-full.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';
import { h } from './element.ts';
import type { Drawn } from './element.ts';

/** States have the icons that they have in the tree of runs. */
const files = {
  succeeded: pass,
  failed: error,
  running: loading,
  pending: circle,
  cancelled: circleSlash,
  skipped: stepOver,
  interrupted: disconnect,
  damaged: warning,
  warning,
  star,
} as const;

export type IconName = keyof typeof files;

/** The `d` of each path of an SVG file. */
function pathsOf(file: string): string[] {
  const read = new DOMParser().parseFromString(file, 'image/svg+xml');
  return Array.from(read.querySelectorAll('path'), (path) => path.getAttribute('d') ?? '');
}

/** An icon that screen readers pass over. */
export function icon(name: IconName): Drawn {
  return h(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    ...pathsOf(files[name]).map((d) => h('path', { d, 'fill-rule': 'evenodd' })),
  );
}
