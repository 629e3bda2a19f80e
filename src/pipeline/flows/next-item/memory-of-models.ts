/** How much memory the steps of a model need, told from what prepare left and the run's manifest. */
import * as fs from 'node:fs/promises';
import type { ModelSpec, RunManifest } from '../../../protocol/run.ts';
import { readNpy } from '../../data/npy.ts';
import { Layout } from '../../data/prepared-data.ts';
import type { MemoryAsked } from '../../flow/flow-definition.ts';
import { MIB, PROCESS_MIB, requireMemory } from '../../flow/memory-budget.ts';
import { preparedBytes, sizeOfData, type DataSize } from '../../kinds/fitting/data-size.ts';
import { modelKind } from '../../kinds/registry.ts';
import { sparseScorerBytes, TUNING_BYTES } from '../../kinds/fitting/memory-need.ts';
import { BLOCK_BYTES } from '../../kinds/ranking/score-block.ts';

/** Queries, ranks, and the heap of a process that ranks. */
const RANKING_BYTES = 40 << 20;

/** @throws Error where the data are not prepared */
async function dataSizeOf(locate: MemoryAsked['locate']): Promise<DataSize> {
  const must = (artifact: string): string => {
    const file = locate('prepare', artifact);
    if (file === undefined) throw new Error(`prepare left no artifact '${artifact}'`);
    return file;
  };
  const layout = Layout.parse(JSON.parse(await fs.readFile(must('layout'), 'utf8')));
  const [counts, items] = await Promise.all([
    readNpy(must('trainCounts'), Uint32Array),
    fs.stat(must('sequenceItems')),
  ]);
  return sizeOfData({ layout, trainCounts: counts.array }, items.size / 4);
}

function openBytes(
  size: DataSize,
  manifest: RunManifest,
  { kind, parameters, members = [] }: ModelSpec,
): number {
  const ofMembers = manifest.models.filter(({ name }) => members.includes(name));
  if (ofMembers.length > 0)
    return ofMembers.reduce(
      (sum, member) => sum + openBytes(size, manifest, member),
      BLOCK_BYTES + (modelKind(kind).memory?.open(size, parameters) ?? 0),
    );
  return modelKind(kind).memory?.open(size, parameters) ?? sparseScorerBytes(size);
}

function fitBytes(size: DataSize, asked: MemoryAsked, branch: ModelSpec): number {
  const { memory, composite } = modelKind(branch.kind);
  const own = memory?.fit(size, branch.parameters, asked.threads);
  if (composite !== true) return own ?? 0;
  return openBytes(size, asked.manifest, branch) + (own ?? TUNING_BYTES);
}

/** Bytes that training a model takes beside the process itself. */
export async function trainBytes(asked: MemoryAsked): Promise<number> {
  return asked.branch === undefined ? 0 : bytesToTrain(await dataSizeOf(asked.locate), asked, asked.branch);
}

/** The same where it is trained on all rows. */
export async function trainOnEverythingBytes(asked: MemoryAsked): Promise<number> {
  if (asked.branch === undefined) return 0;
  return bytesToTrain(ofAllRows(await dataSizeOf(asked.locate)), asked, asked.branch);
}

function bytesToTrain(size: DataSize, asked: MemoryAsked, branch: ModelSpec): number {
  // It is opened again when it is kept.
  const opened = openBytes(size, asked.manifest, branch);
  return preparedBytes(size) + Math.max(fitBytes(size, asked, branch), opened);
}

/** Of each item as many rows more as there are in all: counting them would take reading the sequences. */
function ofAllRows(size: DataSize): DataSize {
  const { rows, sequences, trainRows, trainCounts } = size;
  const more = rows / Math.max(1, trainRows);
  return {
    ...size,
    trainSequences: sequences,
    trainRows: rows,
    trainCounts: trainCounts.map((count) => Math.max(1, Math.ceil(count * more))),
  };
}

/** Bytes that a thread takes which ranks queries by a package it opened. */
function rankingBytes(size: DataSize, manifest: RunManifest, branch: ModelSpec): number {
  const block = Math.min(BLOCK_BYTES, 128 * size.items);
  return openBytes(size, manifest, branch) + RANKING_BYTES + sparseScorerBytes(size) + block;
}

/** Bytes that evaluating a model on one thread takes beside the process itself. */
export async function evaluateBytes({ manifest, branch, locate }: MemoryAsked): Promise<number> {
  if (branch === undefined) return 0;
  const size = await dataSizeOf(locate);
  return preparedBytes(size) + rankingBytes(size, manifest, branch);
}

/**
 * On how many threads a model's queries may be ranked, each of which opens it and has a heap of its own.
 * @param limit MiB of the step's process
 */
export async function rankingThreads(asked: MemoryAsked, limit: number): Promise<number> {
  const { manifest, branch, threads, locate } = asked;
  if (branch === undefined || threads < 2) return 1;
  const size = await dataSizeOf(locate);
  // The held-out sequences are copied once into memory that threads share.
  const left = (limit - PROCESS_MIB) * MIB - (await evaluateBytes(asked)) - preparedBytes(size);
  return threadsWithin(left, rankingBytes(size, manifest, branch), threads);
}

/**
 * On how many threads a model that is made of others may be fitted, each of which opens these and has a heap of its own.
 * @param limit MiB of the step's process
 */
export async function fittingThreads(asked: MemoryAsked, limit: number): Promise<number> {
  const { manifest, branch, threads, locate } = asked;
  if (branch === undefined || threads < 2) return 1;
  const size = await dataSizeOf(locate);
  const left = (limit - PROCESS_MIB) * MIB - bytesToTrain(size, asked, branch);
  // What it is fitted on takes a share of all memory.
  return threadsWithin(left / 2, openBytes(size, manifest, branch), threads);
}

/** @param another bytes that each thread after the first needs beside its heap */
function threadsWithin(left: number, another: number, threads: number): number {
  return Math.max(1, Math.min(threads, 1 + Math.floor(left / (another + PROCESS_MIB * MIB))));
}

/**
 * @param what `Training`, `Evaluating`
 * @param limit MiB of the step's process
 * @throws UserError where the model needs more
 */
export function requireMemoryFor(what: string, model: string, bytes: number, limit: number): void {
  requireMemory(
    {
      what: `${what} ${model}`,
      bytes,
      advice:
        'Or leave the model out with --models, or take a sample of the sequences with --sample-fraction.',
    },
    limit,
  );
}
