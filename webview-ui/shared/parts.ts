/** Small pieces that several sections are made of. */
import { cut } from './format.ts';
import { h, svg } from './element.ts';
import type { Child } from './element.ts';

/** A name from the data: shown as text, isolated from the writing direction around it, cut with the whole in a title. */
export function name(text: string, limit = 80): HTMLElement {
  const shown = cut(text, limit);
  return h(
    'bdi',
    { class: 'name', title: shown === text && text.length < 24 ? undefined : cut(text, 2000) },
    shown === '' ? '(empty)' : shown,
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A native list box bound to a field of the state. */
export function select(
  field: string,
  label: string,
  choices: readonly Choice[],
  value: string | undefined,
): HTMLElement {
  const options = choices.map((choice) => {
    return h('option', { value: choice.value, selected: choice.value === value }, cut(choice.label, 60));
  });
  return h(
    'label',
    { class: 'field' },
    h('span', {}, label),
    h('select', { 'data-field': field }, ...options),
  );
}

/** A choice of a few, as native radio buttons that look like one switch. */
export function segmented(
  field: string,
  label: string,
  choices: readonly Choice[],
  value: string,
): HTMLElement {
  const buttons = choices.map((choice) => {
    const input = h('input', {
      type: 'radio',
      name: field,
      value: choice.value,
      checked: choice.value === value,
      'data-field': field,
    });
    return h('label', {}, input, h('span', {}, choice.label));
  });
  return h('fieldset', { class: 'segmented' }, h('legend', { class: 'hidden-text' }, label), ...buttons);
}

/** A part that opens and closes; which ones are open is kept by the page. */
export function details(
  id: string,
  summary: Child,
  open: Readonly<Record<string, boolean>>,
  ...body: Child[]
): HTMLElement {
  return h(
    'details',
    { 'data-details': id, 'data-key': id, open: open[id] === true },
    h('summary', {}, summary),
    ...body,
  );
}

/** A section with its heading. */
export function section(title: string, intro: Child, ...body: Child[]): HTMLElement {
  return h(
    'section',
    {},
    h('h2', {}, title),
    typeof intro === 'string' ? h('p', { class: 'intro' }, intro) : intro,
    ...body,
  );
}

/** Terms and what they are. */
export function facts(entries: readonly (readonly [string, Child])[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    ...entries.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
  );
}

/** A bar from 0 to `share` of its width; decoration beside a figure. */
export function bar(share: number): SVGSVGElement {
  const width = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)) * 100;
  const attributes = {
    class: 'bar',
    viewBox: '0 0 100 8',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  };
  return svg('svg', attributes, svg('rect', { width: width.toFixed(2), height: 8 }));
}
