/**
 * Where processes that deploy ask a person, and are asked to stop: `questions/<id>.json`, `.answer` and `.cancel` in the
 * store, readable by their owner alone. No signal and no handle on a process is needed, so a window that was opened later
 * answers as well.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Answer, Question } from '../../../protocol/question.ts';
import { isRunId } from '../../../protocol/run-id.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { renamePatiently, TEMPORARY_MARK } from '../../store/atomic-file.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { isAlive } from '../../store/process-identity.ts';
import { readJson } from '../../store/read-json.ts';
import { codeOf, storeError } from '../../store/store-error.ts';

const ENDINGS = { question: '.json', answer: '.answer', cancel: '.cancel' } as const;
const POLL_MS = 100;
/** A process looks more often than that. */
const TAKEN_MS = 5000;

export const questionsFolder = (store: string): string => path.join(store, 'questions');

const fileOf = (store: string, id: string, what: keyof typeof ENDINGS): string =>
  path.join(questionsFolder(store), `${id}${ENDINGS[what]}`);

/** Makes the folder, which others may not look into. */
function ensureFolder(store: string): void {
  const folder = questionsFolder(store);
  if (fs.existsSync(folder)) return;
  makeFolder(store);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** The file appears whole, and nobody else may read it at any time. It need not outlive a lost power. */
async function writePrivately(file: string, value: unknown): Promise<void> {
  const name = `${TEMPORARY_MARK}${path.basename(file)}-${randomBytes(4).toString('hex')}`;
  const temporary = path.join(path.dirname(file), name);
  try {
    fs.writeFileSync(temporary, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
    await renamePatiently(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** @throws UserError where the store cannot be written */
export async function writeQuestion(store: string, question: Question): Promise<void> {
  try {
    ensureFolder(store);
    await writePrivately(fileOf(store, question.id, 'question'), question);
  } catch (error) {
    throw storeError(store, error);
  }
}

/** The answer to a question, which is nowhere any more after this; undefined where there is none yet. */
export function takeAnswer(
  store: string,
  { id, number }: Pick<Question, 'id' | 'number'>,
): Answer | undefined {
  const file = fileOf(store, id, 'answer');
  if (!fs.existsSync(file)) return undefined;
  const answer = readQuietly(() => readJson(file, Answer));
  fs.rmSync(file, { force: true });
  return answer?.number === number ? answer : undefined;
}

export function isCancelAsked(store: string, id: string): boolean {
  return fs.existsSync(fileOf(store, id, 'cancel'));
}

/** Takes a question back. */
export function removeQuestion(store: string, id: string): void {
  for (const what of ['question', 'answer'] as const) fs.rmSync(fileOf(store, id, what), { force: true });
}

export function forgetCancel(store: string, id: string): void {
  fs.rmSync(fileOf(store, id, 'cancel'), { force: true });
}

/** Removes all that was between a process and people. */
export function endConversation(store: string, id: string): void {
  removeQuestion(store, id);
  forgetCancel(store, id);
}

function readQuietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // Not what a process of this version wrote.
    return undefined;
  }
}

function idsIn(store: string): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(questionsFolder(store));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw storeError(store, error);
  }
  const ids = names.map((name) => name.slice(0, name.lastIndexOf('.'))).filter(isRunId);
  return [...new Set(ids)].sort();
}

function questionOf(store: string, id: string): Question | undefined {
  return readQuietly(() => readJson(fileOf(store, id, 'question'), Question));
}

/** What living processes wait for an answer to, in the order in which these were started. */
export function openQuestions(store: string): Question[] {
  return idsIn(store)
    .map((id) => questionOf(store, id))
    .filter((question): question is Question => question !== undefined && isAsking(question));
}

/** A process on another machine that shares the store cannot be looked for; it takes its questions back itself. */
function isAsking({ process }: Question): boolean {
  return isAlive(process, 0);
}

/** Removes what processes left that were killed. */
export function sweepQuestions(store: string): void {
  for (const id of idsIn(store)) {
    const question = questionOf(store, id);
    if (question === undefined ? isOld(store, id) : !isAsking(question)) endConversation(store, id);
  }
}

const OLD_MS = 24 * 60 * 60_000;

/** A process may be asked to stop before it asks anything, and may end without having looked. */
function isOld(store: string, id: string): boolean {
  const stats = fs.statSync(fileOf(store, id, 'cancel'), { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > OLD_MS;
}

/**
 * Answers a question, and waits until the answer was taken: it does not stay anywhere.
 * @param text absent: the person turned away
 * @throws UserError where nobody waits for it
 */
export async function answerQuestion(
  store: string,
  { id, number }: Pick<Question, 'id' | 'number'>,
  text: string | undefined,
  takenWithin = TAKEN_MS,
): Promise<void> {
  const asked = isRunId(id) ? questionOf(store, id) : undefined;
  if (asked?.number !== number || !isAsking(asked)) throw nobodyAsks();
  const file = fileOf(store, id, 'answer');
  await writePrivately(file, { number, ...(text === undefined ? {} : { text }) } satisfies Answer);
  const end = performance.now() + takenWithin;
  while (performance.now() < end) {
    if (!fs.existsSync(file)) return;
    await pause(POLL_MS);
  }
  fs.rmSync(file, { force: true });
  throw nobodyAsks();
}

function nobodyAsks(): UserError {
  return new UserError(
    'This question is not asked any more.',
    'It was answered elsewhere, or the process that asked has ended. Start again what it was about.',
  );
}

/** Asks the process of this id to stop. @throws UserError where the store cannot be written */
export function askToCancel(store: string, id: string): void {
  if (!isRunId(id))
    throw new UserError(`'${id}' is no id of a deployment.`, 'Look at the list of endpoints.');
  try {
    ensureFolder(store);
    fs.writeFileSync(fileOf(store, id, 'cancel'), '', { mode: 0o600 });
  } catch (error) {
    throw storeError(store, error);
  }
}
