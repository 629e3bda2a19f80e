import type { ESLint } from 'eslint';

/** Why a file may not import another, by their paths from the root; undefined where it may. */
export function refusal(from: string, to: string): string | undefined;
/** ESLint's rules `arrows` and `circles`. */
export const rooms: ESLint.Plugin;
