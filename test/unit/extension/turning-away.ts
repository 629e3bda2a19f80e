/** Commands that ask several things before they start a process. */
import { expect, it } from 'vitest';
import { launches } from './fake-launch.ts';
import { host, type Answer } from './vscode-stub/host.ts';
import { run } from './window.ts';

/** @param flow the answers to all questions that the command asks, in their order */
export function startsNothingUnlessAllIsAnswered(
  command: string,
  argument: unknown,
  flow: readonly Answer[],
): void {
  it.each([...flow.keys()])('starts nothing where the person turns away at question %i', async (at) => {
    host.answers = [...flow.slice(0, at), undefined];
    await run(command, argument);
    expect(host.shown).toHaveLength(at + 1);
    expect(launches).toEqual([]);
    expect(host.messages('error')).toEqual([]);
  });
}
