import * as fs from 'node:fs';
import { ProcessIdentity } from '../../protocol/step.ts';

/** The process that made a claim file; undefined where there is none, or it is not filled. */
export function readClaim(file: string): ProcessIdentity | undefined {
  try {
    return ProcessIdentity.safeParse(JSON.parse(fs.readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
