import * as fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { UserError } from '../../../protocol/user-error.ts';
import type { Aws } from './aws-clients.ts';
import { placeOf } from './pieces.ts';

/**
 * Fetches an object into a new file.
 * @param name `<bucket>/<key>`
 * @throws where it is not all there
 */
export async function downloadObject(
  aws: Aws,
  name: string,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const { Body, ContentLength } = await aws.s3.send(new GetObjectCommand(placeOf(name)), {
    abortSignal: signal,
  });
  if (!(Body instanceof Readable)) throw new Error(`${name} came without a body`);
  await pipeline(Body, fs.createWriteStream(file, { flags: 'wx' }), { signal });
  const { size } = fs.statSync(file);
  if (ContentLength !== undefined && size !== ContentLength)
    throw new UserError(
      `${name} was cut off: ${size} of ${ContentLength} bytes came.`,
      'Check the network, then try again.',
    );
}
