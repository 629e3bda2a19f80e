import * as fs from 'node:fs/promises';
import {
  readParameters,
  type ParameterSet,
  type ParameterValue,
  type ValuesOf,
} from '../../protocol/parameters.ts';
import type { WriteArtifact } from './model-kind.ts';

/** Keeps the parameters a fit ended with as an artifact: a scorer is opened with what was found, not with what was asked. */
export function writeFitted(
  write: WriteArtifact,
  parameters: Readonly<Record<string, ParameterValue>>,
): Promise<void> {
  return write('parameters', 'parameters.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(parameters, null, 2)}\n`),
  );
}

/** @throws Error when the file holds no parameters of the kind */
export async function readFitted<Set extends ParameterSet>(
  file: string,
  kind: string,
  set: Set,
): Promise<ValuesOf<Set>> {
  const given = JSON.parse(await fs.readFile(file, 'utf8')) as Record<string, ParameterValue>;
  const read = readParameters(set, given);
  if ('problems' in read) throw new Error(`${file} does not hold the parameters of a ${kind}`);
  return read.values;
}
