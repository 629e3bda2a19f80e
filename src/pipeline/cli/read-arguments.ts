export interface Arguments {
  /** As commander understands them. */
  readonly words: string[];
  /** The topic of `--help=<topic>`. */
  readonly helpTopic?: string;
}

const HELP = '--help=';

/**
 * A command line before it is parsed. An option that is on or off takes no value but one joined by `=`, so that it does
 * not swallow the word after it (`--deterministic data.csv`); only `true` and `false` themselves are taken for its value,
 * as commands that earlier versions printed have them. `--no-<name>` is off.
 * @param switches names of the options that are on or off, without dashes
 */
export function readArguments(given: readonly string[], switches: ReadonlySet<string>): Arguments {
  const words: string[] = [];
  let helpTopic: string | undefined;
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? '';
    if (word === '--')
      return { words: [...words, ...given.slice(at)], ...(helpTopic === undefined ? {} : { helpTopic }) };
    if (word.startsWith(HELP)) {
      helpTopic = word.slice(HELP.length);
      words.push('--help');
      continue;
    }
    const value = valueOf(word, given[at + 1], switches);
    words.push(value?.word ?? word);
    if (value?.taken === true) at++;
  }
  return { words, ...(helpTopic === undefined ? {} : { helpTopic }) };
}

/** A switch with its value joined, and whether the next word was taken for it; undefined for any other word. */
function valueOf(
  word: string,
  next: string | undefined,
  switches: ReadonlySet<string>,
): { word: string; taken: boolean } | undefined {
  const [, negated, name = ''] = /^--(no-)?(.+)$/.exec(word) ?? [];
  if (!switches.has(name)) return undefined;
  if (negated !== undefined) return { word: `--${name}=false`, taken: false };
  const taken = next === 'true' || next === 'false';
  return { word: `--${name}=${taken ? next : 'true'}`, taken };
}
