import type { ESLint } from 'eslint';

/** Why a file may not import another, by their paths from the root; undefined where it may. */
export function refusal(from: string, to: string): string | undefined;
/** Why a file may not name another in an import that is not late; undefined where it may. */
export function lateRefusal(from: string, to: string | undefined, source: string): string | undefined;
/** ESLint's rules `arrows`, `circles` and `late`. */
export const rooms: ESLint.Plugin;
