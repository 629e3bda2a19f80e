/**
 * What views draw with: elements as values, which Preact compares with what is on the page. All text goes through text
 * nodes and attributes, so markup in the data stays text.
 */
import { h as create } from 'preact';
import type { ComponentType, JSX } from 'preact';

export type Drawn = JSX.Element;
export type Child = Drawn | string | number | undefined | false;

type Data = Readonly<Record<`data-${string}`, string | number | boolean | undefined>>;
export type AttributesOf<K extends keyof JSX.IntrinsicElements> = JSX.IntrinsicElements[K] & Data;

/** An HTML or SVG element; attributes that are `undefined` are left out, children that are `undefined` or `false` too. */
export function h<K extends keyof JSX.IntrinsicElements>(
  tag: K,
  attributes: AttributesOf<K>,
  ...children: readonly Child[]
): Drawn {
  return create(tag, attributes, ...children);
}

/** A part with a life of its own: it is told when it comes to the page, changes and leaves. */
export function component<P extends object>(
  type: ComponentType<P>,
  properties: P & { readonly key?: string },
): Drawn {
  return create(type, properties);
}
