/** Detached processes that the test ends; takes the place of `processes/launch-detached.ts`. */
import type { LaunchEnd, LaunchOptions } from '../../../src/extension/processes/launch-detached.ts';

export interface FakeLaunch {
  readonly options: LaunchOptions;
  /** The value of an option of the command. */
  option(name: string): string | undefined;
  end(end: Partial<LaunchEnd>): void;
}

export const launches: FakeLaunch[] = [];

export function launchDetached(options: LaunchOptions): Promise<{ ended: Promise<LaunchEnd> }> {
  const ended = new Promise<LaunchEnd>((resolve) => {
    launches.push({
      options,
      option: (name) => {
        const at = options.arguments.indexOf(name);
        return at < 0 ? undefined : options.arguments[at + 1];
      },
      end: (end) => resolve({ code: 0, said: '', ...end }),
    });
  });
  return Promise.resolve({ ended });
}
