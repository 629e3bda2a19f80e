import type { ItemFigures } from '../../../protocol/engine/explorer.ts';
import type { ItemNames } from '../../model/item-names.ts';
import type { OpenModel } from '../../model/open-model.ts';
import type { ItemFacts } from '../item-facts.ts';
import type { ItemGroups } from './item-groups.ts';

/** A run's model that is asked, with what is known of its items. */
export interface AskedModel {
  /** Id of the run. */
  readonly run: string;
  readonly model: OpenModel;
  readonly names: ItemNames;
  readonly facts: ItemFacts;
  readonly groups: ItemGroups;
}

/** What is told of an item. */
export function figuresOf(asked: AskedModel, code: number): ItemFigures {
  const group = groupName(asked, code);
  return { ...asked.facts.of(code), ...(group === undefined ? {} : { group }) };
}

/** What an item's group is called; one whose value is no part of names is called after its most frequent item. */
export function groupName({ facts, groups, names }: AskedModel, code: number): string | undefined {
  const value = facts.group(code);
  if (value !== undefined) return value;
  const first = groups.first(code);
  return first === undefined ? undefined : names.name(first);
}
