import type { DatasetSpec, Guess } from '../../protocol/dataset-spec.ts';

const ROLES = ['sequence', 'item', 'order'] as const;

/**
 * The columns of an input that are likely to be what those of the data were: of the same name, however it is written, else
 * those of the guess that are not taken.
 * @param names of the input's columns
 */
export function likelyColumns(guess: Guess, trainedOn: DatasetSpec, names: readonly string[]): Guess {
  const byName = new Map(ROLES.map((role) => [role, sameNames(trainedOn[role], names)]));
  const taken = new Set([...byName.values()].flatMap((columns) => columns ?? []));
  let spec = guess.spec;
  const reasons: Record<string, string> = {};
  const { reading } = guess.reasons;
  if (reading !== undefined) reasons['reading'] = reading;
  for (const role of ROLES) {
    const same = byName.get(role);
    const free = guess.spec[role].filter((name) => !taken.has(name));
    spec = { ...spec, [role]: [...(same ?? free)] };
    const why = same === undefined && free.length > 0 ? (guess.reasons[role] ?? '') : '';
    reasons[role] = [inTheData(trainedOn[role]), why].filter(Boolean).join(' ');
  }
  return { spec, reasons };
}

/** Undefined unless each has one. */
function sameNames(wanted: readonly string[], names: readonly string[]): readonly string[] | undefined {
  const found = wanted.map(
    (name) => names.find((one) => one === name) ?? onlyOne(names.filter((one) => plain(one) === plain(name))),
  );
  const all = found.filter((name) => name !== undefined);
  return all.length === wanted.length ? all : undefined;
}

function onlyOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/** `Track Name` and `track_name` are one. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

function inTheData(columns: readonly string[]): string {
  if (columns.length === 0) return 'The run’s data have none.';
  return `In the run’s data: ${columns.map((name) => `‘${name}’`).join(', ')}.`;
}
