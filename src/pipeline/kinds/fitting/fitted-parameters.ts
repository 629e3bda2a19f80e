import * as fs from 'node:fs/promises';
import {
  readParameters,
  type ParameterSet,
  type ParameterValue,
  type ValuesOf,
} from '../../../protocol/parameters.ts';
import { ParameterValues } from '../../../protocol/run.ts';
import { DamagedFileError } from '../../store/damaged-file.ts';
import { requireJson } from '../../store/read-json.ts';
import type { WriteArtifact } from './fit-context.ts';

/** Keeps the parameters a fit ended with as an artifact: a scorer is opened with what was found, not with what was asked. */
export function writeFitted(
  write: WriteArtifact,
  parameters: Readonly<Record<string, ParameterValue>>,
): Promise<void> {
  return write('parameters', 'parameters.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(parameters, null, 2)}\n`),
  );
}

/** @throws UserError when the file holds no parameters of the kind, is broken or cannot be read */
export async function readFitted<Set extends ParameterSet>(
  file: string,
  kind: string,
  set: Set,
): Promise<ValuesOf<Set>> {
  const read = readParameters(set, await requireJson(file, ParameterValues));
  if ('problems' in read) throw new DamagedFileError(file, `it does not hold the parameters of a ${kind}`);
  return read.values;
}
