/**
 * Help by topics, as a command may have hundreds of options: `--help` shows what most people need and the topics,
 * `--help=<topic>` the options of one, `--help=all` all of them.
 */
import { Help, type Command, type Option } from 'commander';
import { EXIT, UserError } from '../../protocol/user-error.ts';

export interface HelpTopic {
  /** As it is asked for. */
  readonly name: string;
  readonly title: string;
}

interface Placed {
  readonly topic: HelpTopic;
  /** Whether the short help shows the option too. */
  readonly main: boolean;
}

const ALL = 'all';
const places = new WeakMap<Option, Placed>();

/** Puts an option under a topic. An option under none is shown by the short help. */
export function underTopic(option: Option, topic: HelpTopic, { main = false } = {}): Option {
  places.set(option, { topic, main });
  return option.helpGroup(`${topic.title}:`);
}

/** Has a program and the commands made after this show help by topics. @param asked the topic asked for */
export function showHelpByTopic(program: Command, asked: string | undefined): void {
  program.configureHelp({ formatHelp: (command, helper) => formatHelp(command, helper, asked) });
}

function formatHelp(command: Command, helper: Help, asked: string | undefined): string {
  const topics = topicsOf(command);
  if (asked !== undefined && asked !== ALL) requireTopic(command, topics, asked);
  const shown = (option: Option): boolean => {
    const place = places.get(option);
    if (asked === ALL) return true;
    return asked === undefined ? place?.main !== false : place?.topic.name === asked;
  };
  const narrowed = Object.assign(new Help(), helper, {
    visibleOptions: (of: Command) => helper.visibleOptions(of).filter(shown),
  });
  const text = Help.prototype.formatHelp.call(helper, command, narrowed);
  return asked === undefined && topics.size > 0 ? `${text.trimEnd()}\n\n${topicList(topics)}\n` : text;
}

/** The topics of a command, each with its number of options. */
function topicsOf(command: Command): Map<HelpTopic, number> {
  const topics = new Map<HelpTopic, number>();
  for (const option of command.options) {
    const topic = places.get(option)?.topic;
    if (topic !== undefined && !option.hidden) topics.set(topic, (topics.get(topic) ?? 0) + 1);
  }
  return topics;
}

function topicList(topics: ReadonlyMap<HelpTopic, number>): string {
  const rows = [...topics].map(([{ name, title }, count]) => [name, `${title} (${count})`] as const);
  const all = [...rows, [ALL, 'all options'] as const];
  const width = Math.max(...all.map(([name]) => name.length));
  return ['More options:', ...all.map(([name, title]) => `  --help=${name.padEnd(width)}  ${title}`)].join(
    '\n',
  );
}

function requireTopic(command: Command, topics: ReadonlyMap<HelpTopic, number>, asked: string): void {
  const names = [...[...topics.keys()].map(({ name }) => name), ALL];
  if (names.includes(asked)) return;
  throw new UserError(
    `The help of 'recsys ${command.name()}' has no topic '${asked}'.`,
    names.length === 1 ? 'Ask for --help alone.' : `It has: ${names.join(', ')}.`,
    { exitCode: EXIT.usage },
  );
}
