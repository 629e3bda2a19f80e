import type { LabelChange, RunLabels } from '../../protocol/run.ts';

/** Labels after a change. A tag that is both added and removed is removed. */
export function applyLabelChange(before: RunLabels, change: LabelChange): RunLabels {
  const { name = before.name, note = before.note, starred = before.starred } = change;
  const tags = new Set([...before.tags, ...change.addTags]);
  for (const tag of change.removeTags) tags.delete(tag);
  return {
    tags: [...tags],
    starred,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(note === undefined || note === '' ? {} : { note }),
  };
}
