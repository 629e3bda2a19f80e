/**
 * What mends a failure, where that is known, so that an editor can offer it as a button: other columns for the data, a
 * look into `recsys.json`, other options of the run, other settings of the editor, trust in the folder, a sign-in at AWS.
 */
export const REMEDIES = ['columns', 'specFile', 'options', 'settings', 'trust', 'signIn'] as const;
export type Remedy = (typeof REMEDIES)[number];

/** A remedy as another version may have written it: what is not known here is none. */
export function remedyOf(name: unknown): Remedy | undefined {
  return REMEDIES.find((remedy) => remedy === name);
}

export interface UserErrorOptions {
  readonly cause?: unknown;
  readonly exitCode?: number;
  readonly remedy?: Remedy | undefined;
  /** The hint to a person at a window, where the other one names options of a command line. */
  readonly inWindow?: string | undefined;
}

/**
 * An error a person can act on: what happened and where, and what to do next.
 * The CLI prints both sentences and exits with `exitCode`; the extension shows them as they are, with the hint for windows
 * where there is one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string;
  readonly exitCode: number;
  readonly remedy: Remedy | undefined;
  readonly inWindow: string | undefined;

  constructor(message: string, hint: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = hint;
    this.exitCode = options.exitCode ?? EXIT.failed;
    this.remedy = options.remedy;
    this.inWindow = options.inWindow;
  }
}

/** What a person must be told of a failure, as it crosses processes: what is not known is left out. */
export interface ToldFailure {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly remedy?: string | undefined;
  readonly inWindow?: string | undefined;
}

/** All of an error that is told, but its message. */
export function toldOf(error: unknown): Omit<ToldFailure, 'message'> {
  if (!isUserError(error)) return {};
  const { hint, remedy, inWindow } = error;
  return {
    hint,
    ...(remedy === undefined ? {} : { remedy }),
    ...(inWindow === undefined ? {} : { inWindow }),
  };
}

/** By its name: parts of the extension that are bundled by themselves have a class of their own. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError' && 'hint' in error;
}

/** What a person can do about anything thrown, as messages carry it: none where nothing is known. */
export function hinted(error: unknown): { readonly hint?: string } {
  return isUserError(error) && error.hint !== '' ? { hint: error.hint } : {};
}

/** Exit codes of the `recsys` command. */
export const EXIT = {
  ok: 0,
  /** The command failed: bad data, a failed step, a full disk. */
  failed: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** The named run, item, model or file does not exist. */
  notFound: 3,
  /** The run was cancelled; it can be resumed. */
  cancelled: 130,
} as const;

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
