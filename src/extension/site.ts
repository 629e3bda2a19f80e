import { UserError } from '../protocol/user-error.ts';
import type { NodeRuntime } from './processes/node-runtime.ts';
import type { Settings } from './settings.ts';

/** Where this window works, by its folder and the settings as they are now. */
export interface Site {
  readonly folder: string;
  readonly settings: Settings;
  readonly runtime: NodeRuntime;
}

/** What is thrown where a command needs a folder and none is open. */
export function noFolder(): UserError {
  return new UserError(
    'No folder is open.',
    'Open the folder that holds your data; runs are kept beside it.',
  );
}
