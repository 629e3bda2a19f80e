/** Reads a file as `recsys run` does, guess and all, and gives the items of its sequences as they were prepared. */
import { previewData } from '../../../src/pipeline/data/describe/preview-data.ts';
import { changeSpec } from '../../../src/protocol/spec-fields.ts';
import { specChangesIn } from '../../../src/pipeline/cli/spec-options.ts';
import { makeProgram } from '../../../src/pipeline/cli/program.ts';
import { prepared } from '../flows/prepare-runner.ts';

/** Sequences of items by key: of different lengths, all of three items at least, some with an item twice. */
export function truth(sequences = 60): Map<string, string[]> {
  return new Map(
    Array.from({ length: sequences }, (_, s) => [
      String(100 + s),
      Array.from({ length: 3 + (s % 5) }, (_, i) => String(((s * 7 + i * i * 3) % 40) + 1)),
    ]),
  );
}

/** One row an item: `row` makes a line of a sequence's key, the item, its place in the sequence and the row's number. */
export function rowsOf(
  sequences: ReadonlyMap<string, readonly string[]>,
  row: (key: string, item: string, place: number, number: number) => string,
): string[] {
  let number = 0;
  return [...sequences].flatMap(([key, items]) =>
    items.map((item, place) => row(key, item, place, number++)),
  );
}

/** The sequences' items, sorted as texts, since keys are not compared. */
export function sorted(sequences: Iterable<readonly string[]>): string[] {
  return [...sequences].map((items) => items.join(' ')).sort();
}

/** @param words options of the command line that tell how to read */
export async function readSequences(data: string, words: readonly string[] = []): Promise<string[]> {
  const changes = changesOf(words);
  const { guess } = await previewData(data, '/', changes);
  const { named } = await prepared(data, changeSpec(guess.spec, changes));
  return sorted(named.map(({ items }) => items));
}

function changesOf(words: readonly string[]): ReturnType<typeof specChangesIn> {
  const run = makeProgram().commands.find((command) => command.name() === 'prepare');
  if (run === undefined) throw new Error('there is no command prepare');
  run.exitOverride().action(() => undefined);
  run.parse(['data', ...words], { from: 'user' });
  return specChangesIn(run.opts());
}
