/** Writes the vectors of a model as files of a format that other tools read. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { ExportFormat } from '../../protocol/export-format.ts';
import type { OpenVectors } from '../model/open-vectors.ts';
import { writeAllAtomically } from '../store/atomic-file.ts';
import type { ExportJob } from './exporter.ts';
import { cannotWrite, makeFolder, requireElsewhere, requireFree } from './output-checks.ts';
import { namesFolder, outputFiles } from './output-files.ts';
import { exporters } from './registry.ts';

export interface ExportRequest {
  readonly format: ExportFormat;
  /** A file or a folder; see `outputFiles`. */
  readonly output: string;
  /** Whether files that are there may be replaced. */
  readonly force: boolean;
}

export interface Export {
  /** Paths, that of the vectors first. */
  readonly files: readonly string[];
  /** How names are written. */
  readonly names: string;
  readonly notes: readonly string[];
}

/**
 * Writes all files of a format, or none.
 * @throws UserError where they may not or cannot be written, or the model's table of items is broken
 */
export async function exportVectors(
  opened: OpenVectors,
  { format, output, force }: ExportRequest,
  job: ExportJob,
): Promise<Export> {
  const files = await outputFiles(format, output);
  requireElsewhere(opened, files);
  const check = (): Promise<void> | undefined => (force ? undefined : requireFree(files));
  await check();
  const folder = path.dirname(files[0]);
  const isNew = namesFolder(output) && (await makeFolder(folder));
  try {
    const notes = await writeFiles(opened, format, files, { job, check });
    return { files, names: exporters[format].namesStated, notes };
  } catch (error) {
    if (isNew) await fs.rmdir(folder).catch(() => undefined);
    job.signal?.throwIfAborted();
    throw cannotWrite(files[0], error);
  }
}

interface Writing {
  readonly job: ExportJob;
  readonly check: () => Promise<void> | undefined;
}

async function writeFiles(
  opened: OpenVectors,
  format: ExportFormat,
  files: readonly string[],
  { job, check }: Writing,
): Promise<readonly string[]> {
  let notes: readonly string[] = [];
  const write = async (temporary: readonly string[]): Promise<void> => {
    notes = await exporters[format].write(opened, temporary, job);
  };
  await writeAllAtomically(files, write, async () => {
    job.signal?.throwIfAborted();
    await check();
  });
  return notes;
}
