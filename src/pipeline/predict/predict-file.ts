/** Predictions for the queries of files, however many: they stream through, and what does not fit is on the disk. */
import * as path from 'node:path';
import { UserError } from '../../protocol/user-error.ts';
import { locateFiles } from '../data/locate-files.ts';
import { cannotWrite, diskFull, requireElsewhere, requireFree } from '../exporters/output-checks.ts';
import { readPackage } from '../model/open-model.ts';
import { renamePatiently, syncFile, syncFolder } from '../store/atomic-file.ts';
import { withScratchFolder } from '../store/scratch-folder.ts';
import { isDiskFull } from '../store/store-error.ts';
import { outputFormat } from './output-format.ts';
import { Prediction, type PredictPorts, type Predictions, type PredictRequest } from './prediction.ts';

/**
 * Ranks each query as `recsys recommend` does, unknown names left out, and writes what it found, or nothing.
 * @throws UserError for an input that cannot be read, a model that cannot be opened, or an output that cannot be written
 */
export async function predictFile(request: PredictRequest, ports: PredictPorts): Promise<Predictions> {
  const format = outputFormat(request.output);
  const file = path.resolve(request.output);
  const model = await readPackage(request.packageFolder);
  requireElsewhere({ folder: request.packageFolder, name: model.name }, [file]);
  const check = (): Promise<void> | undefined => (request.force ? undefined : requireFree([file]));
  await check();
  await requireNoInput(request.input, file);
  try {
    return await withScratchFolder(file, async (scratch) => {
      const temporary = path.join(scratch, 'output');
      const places = { format, model, scratch, temporary, file };
      const predictions = await new Prediction(request, ports, places).run();
      await syncFile(temporary);
      ports.signal.throwIfAborted();
      await check();
      await renamePatiently(temporary, file);
      await syncFolder(path.dirname(file));
      return predictions;
    });
  } catch (error) {
    ports.signal.throwIfAborted();
    // Reading says so too: of what it has put aside, beside the output.
    throw isDiskFull(error) ? diskFull(file, error) : cannotWrite(file, error);
  }
}

/** A file that is read may not be replaced by what is made of it. */
async function requireNoInput(input: string, output: string): Promise<void> {
  const files = await locateFiles(input);
  if (files.some(({ path: file }) => file === output))
    throw new UserError(`${output} is part of the input.`, 'Choose another file with --output.', {
      inWindow: 'Choose another file to write to.',
    });
}
