/** Small pieces that several sections are made of. */
import { cut } from './format.ts';
import { h } from './element.ts';
import type { Child, Drawn } from './element.ts';

/** A name from the data: shown as text, isolated from the writing direction around it, cut with the whole in a title. */
export function name(text: string, limit = 80): Drawn {
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
  readonly disabled?: boolean;
}

/** Sets a field of what a person chose. */
export type Choose = (field: string, value: string) => void;

/** A native list box bound to a field. */
export function select(
  field: string,
  label: string,
  choices: readonly Choice[],
  value: string | undefined,
  choose: Choose,
): Drawn {
  const options = choices.map((choice) => {
    const { value: own, disabled = false } = choice;
    return h('option', { value: own, selected: own === value, disabled }, cut(choice.label, 60));
  });
  return h(
    'label',
    { class: 'field' },
    h('span', {}, label),
    h('select', { onChange: (event) => choose(field, event.currentTarget.value) }, ...options),
  );
}

/** A choice of a few, as native radio buttons that look like one switch. */
export function segmented(
  field: string,
  label: string,
  choices: readonly Choice[],
  value: string,
  choose: Choose,
): Drawn {
  const buttons = choices.map((choice) => {
    const input = h('input', {
      type: 'radio',
      name: field,
      value: choice.value,
      checked: choice.value === value,
      onChange: (event) => choose(field, event.currentTarget.value),
    });
    return h('label', {}, input, h('span', {}, choice.label));
  });
  return h('fieldset', { class: 'segmented' }, h('legend', { class: 'hidden-text' }, label), ...buttons);
}

export interface Opening {
  readonly open: boolean;
  readonly toggle: (open: boolean) => void;
}

/** A part that opens and closes; whether it is open is kept by the view. */
export function details(id: string, summary: Child, { open, toggle }: Opening, ...body: Child[]): Drawn {
  return h(
    'details',
    { 'data-details': id, key: id, open, onToggle: (event) => toggle(event.currentTarget.open) },
    h('summary', {}, summary),
    ...body,
  );
}

/** A section with its heading. */
export function section(title: string, intro: Child, ...body: Child[]): Drawn {
  return h(
    'section',
    {},
    h('h2', {}, title),
    typeof intro === 'string' ? h('p', { class: 'intro' }, intro) : intro,
    ...body,
  );
}

/** Terms and what they are. */
export function facts(entries: readonly (readonly [string, Child])[]): Drawn {
  return h(
    'dl',
    { class: 'facts' },
    ...entries.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
  );
}

/** A bar from 0 to `share` of its width; decoration beside a figure. */
export function bar(share: number): Drawn {
  const width = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)) * 100;
  const attributes = {
    class: 'bar',
    viewBox: '0 0 100 8',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  } as const;
  return h('svg', attributes, h('rect', { width: width.toFixed(2), height: 8 }));
}

/** A figure that stands out: what it is, the figure, and what it rests on. */
export function tile(label: string, value: Child, below: readonly (string | undefined)[]): Drawn {
  return h(
    'div',
    { class: 'tile' },
    h('span', { class: 'tile-label' }, label),
    h('span', { class: 'tile-value' }, value),
    ...below.map((text) => text !== undefined && h('span', { class: 'sub' }, text)),
  );
}
