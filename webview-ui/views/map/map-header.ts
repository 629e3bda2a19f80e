/** Which model of which run it is, how true the picture is, and what is not on it. */
import { METHOD_TITLES, type ProjectionMethod } from '../../../src/protocol/projection.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { count, cut, duration, rate } from '../../kit/format.ts';
import { name } from '../../kit/parts.ts';
import type { MapItems } from './map-items.ts';
import type { MapText } from './map-text.ts';
import type { Picture } from './picture.ts';

export interface MapHeaderOptions {
  readonly items: MapItems;
  readonly picture: Picture | undefined;
  readonly method: ProjectionMethod;
  readonly text: MapText;
}

export function mapHeader(options: MapHeaderOptions): Drawn {
  const { items, text } = options;
  const { run, label, model, dimension, withoutVector, withoutDirection } = items.told;
  const facts = [
    text('items', count(items.count), count(dimension)),
    withoutVector > 0 && text('withoutVector', count(withoutVector)),
    withoutDirection > 0 && text('withoutDirection', count(withoutDirection)),
    ...pictureFacts(options),
  ].filter((fact) => fact !== false);
  return h(
    'header',
    {},
    h('h1', {}, name(text('by', cut(model, 60), cut(label ?? run, 60)), 140)),
    h('p', { class: 'meta', id: 'map-facts' }, ...facts.map((fact) => h('span', {}, fact))),
    h('p', { class: 'note', id: 'map-caution' }, text('caution')),
  );
}

/** Of the picture that is seen, which may still be another method's. */
function pictureFacts({ items, picture, text }: MapHeaderOptions): (string | false)[] {
  if (picture === undefined) return [];
  const { method, stage, seconds, seed, notKept } = picture.told;
  const title = METHOD_TITLES[method];
  const isReady = stage === 'done';
  return [
    [title, seed !== undefined && text('seed', String(seed)), seconds !== undefined && duration(seconds)]
      .filter((part) => part !== false)
      .join(', '),
    picture.rows < items.count && text('unplaced', title, count(picture.rows)),
    isReady && qualityText(picture, text),
    notKept !== undefined && text('notKept', cut(notKept, 300)),
  ];
}

function qualityText({ told: { quality } }: Picture, text: MapText): string {
  if (quality === undefined) return text('noQuality');
  const { trustworthiness, pca, neighbours, sampled } = quality;
  return text('quality', rate(trustworthiness, 3), rate(pca, 3), String(neighbours), count(sampled));
}
