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

const known = new Map<string, readonly string[]>();

/** The `d` of each path of an SVG file; a list of hundred rows draws the same icon hundred times. */
function pathsOf(file: string): readonly string[] {
  const paths =
    known.get(file) ??
    Array.from(new DOMParser().parseFromString(file, 'image/svg+xml').querySelectorAll('path'), (path) => {
      return path.getAttribute('d') ?? '';
    });
  known.set(file, paths);
  return paths;
}

/** An icon that screen readers pass over. */
export function icon(name: IconName): Drawn {
  return iconOf(files[name], name);
}

/** One of a view's own, given as the SVG file of it. */
export function iconOf(file: string, name: string): Drawn {
  return h(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    ...pathsOf(file).map((d) => h('path', { d, 'fill-rule': 'evenodd' })),
  );
}
