import type { FlowDefinition } from '../flow/flow-definition.ts';
import { startableFlow, startableFlows } from '../flows/registry.ts';
import { openStoreOf } from './store-options.ts';

/** Value of an option among words that are not parsed yet. */
function valueOf(words: readonly string[], option: string): string | undefined {
  const joined = words.find((word) => word.startsWith(`--${option}=`));
  if (joined !== undefined) return joined.slice(option.length + 3);
  const at = words.indexOf(`--${option}`);
  return at < 0 ? undefined : words[at + 1];
}

/**
 * The flow that a command is of, as its options depend on it: that of `--flow`, that of the run it names, else the first.
 * @param words of the command line, not parsed yet
 * @throws UserError for a flow that there is not
 */
export function askedFlow(words: readonly string[]): FlowDefinition {
  const named = valueOf(words, 'flow');
  if (named !== undefined) return startableFlow(named);
  const [first, ...others] = startableFlows();
  if (first === undefined) throw new Error('no flow is known');
  return others.length === 0 ? first : (flowOfNamedRun(words) ?? first);
}

/** Commands whose first argument is data. */
const OF_DATA = ['run', 'prepare'];

/** Words that may name the run: the argument, and the value of `--like`. */
function namingWords([command = '', ...words]: readonly string[]): string[] {
  const like = valueOf(words, 'like');
  if (like !== undefined) return [like];
  const argument = words.find(
    (word, at) => !word.startsWith('-') && words[at - 1]?.startsWith('--') !== true,
  );
  return argument === undefined || OF_DATA.includes(command) ? [] : [argument];
}

/** The run that is named tells; what is wrong with the words, their command tells. */
function flowOfNamedRun(words: readonly string[]): FlowDefinition | undefined {
  const store = valueOf(words, 'store') ?? process.env['RECSYS_STORE'];
  for (const word of namingWords(words)) {
    try {
      return startableFlow(openStoreOf({ store }).resolve(word).manifest().flow);
    } catch {
      // It names something else.
    }
  }
  return undefined;
}
