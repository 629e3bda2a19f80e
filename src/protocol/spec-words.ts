/** What of a dataset spec is told by itself, as the options of a command. */
import { kebabCase } from './parameters.ts';
import { SPEC_FIELDS, type SpecChanges } from './spec-fields.ts';

/** Undone by who reads the options (`specChangesIn` of the command line). */
export function specWords(changes: SpecChanges): string[] {
  return Object.entries(changes).flatMap(([name, words]) => {
    const field = SPEC_FIELDS.find((known) => known.name === name);
    const option = kebabCase(name);
    if (words.length === 0) return [`--no-${option}`];
    return field?.value === undefined ? [`--${option}`] : words.flatMap((word) => [`--${option}`, word]);
  });
}
