import * as z from 'zod/mini';
import { SHELLS } from '../text/shell-words.ts';

/** A run by its id, an unambiguous part of it, its name, or `latest`. */
export const RunReference = z.object({ run: z.string() });
/** A run, and the shell that commands are to be written for. */
export const RunInShell = z.object({ run: z.string(), shell: z.optional(z.enum(SHELLS)) });
export const Nothing = z.object({});
