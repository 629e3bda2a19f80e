/** Takes away what a journal says may exist. */
import { PIECE_KINDS, pieceId, type PieceKind } from '../../../protocol/deployment.ts';
import { pieceText } from '../../../protocol/text/piece-text.ts';
import { messageOf } from '../../../protocol/user-error.ts';
import { TAGS } from '../deployment-names.ts';
import type { Journal } from '../journal.ts';
import type { LedgerPiece } from '../ledger.ts';
import type { Aws } from './aws-clients.ts';
import { explained, faultOf, isMissing } from './fault.ts';
import { PIECES, tagsAt } from './pieces.ts';

export interface Removal {
  readonly removed: readonly string[];
  /** Not taken away, as it is not empty or was made by others. */
  readonly left: readonly string[];
  /** What may still be there, and why. */
  readonly remaining: readonly { readonly piece: string; readonly why: string }[];
}

export interface RemovalContext {
  readonly aws: Aws;
  readonly journal: Journal;
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: ((status: string) => void) | undefined;
}

/** Why the clock of an endpoint stays that could not be taken away. */
export const STILL_NEEDED = 'it takes the endpoint away at its time';

type End = 'gone' | 'absent' | { readonly left: string };

/** All that can be is taken away: where one piece cannot be, the others still are. */
export async function removePieces(
  context: RemovalContext,
  pieces: readonly LedgerPiece[],
): Promise<Removal> {
  const removed: string[] = [];
  const left: string[] = [];
  const remaining: { piece: string; why: string }[] = [];
  let staysEndpoint = false;
  for (const entry of inOrder(pieces)) {
    const text = pieceText(entry.piece);
    if (context.signal?.aborted === true) {
      remaining.push({ piece: text, why: 'not tried any more' });
      continue;
    }
    if (entry.piece.kind === 'clock' && staysEndpoint) {
      remaining.push({ piece: text, why: STILL_NEEDED });
      continue;
    }
    try {
      const end = await removePiece(context, entry);
      if (end === 'gone') removed.push(text);
      else if (end !== 'absent') left.push(`${text}: ${end.left}`);
      else if (isFresh(context.aws, entry))
        remaining.push({ piece: text, why: 'AWS never answered; it may still come to be' });
    } catch (error) {
      const why = messageOf(explained(error, context.aws.doing(`taking the ${text} away`)));
      remaining.push({ piece: text, why });
    }
    staysEndpoint ||= entry.piece.kind === 'endpoint' && remaining.some(({ piece }) => piece === text);
  }
  return { removed, left, remaining };
}

/** What uses others goes before them. */
function inOrder(pieces: readonly LedgerPiece[]): LedgerPiece[] {
  const rank = ({ piece }: LedgerPiece): number => PIECE_KINDS.indexOf(piece.kind);
  return [...pieces].sort((a, b) => rank(a) - rank(b));
}

/** Whether something may yet come of a call whose answer was lost. */
function isFresh({ patience }: Aws, { state, asked }: LedgerPiece): boolean {
  return state === 'unsure' && Date.now() - asked < patience.settledMs;
}

async function removePiece(context: RemovalContext, entry: LedgerPiece): Promise<End> {
  const { aws, journal } = context;
  const { piece, state, handle } = entry;
  const id = pieceId(piece);
  if (await isForeign(aws, entry)) {
    await journal.append({ type: 'left', piece: id, why: 'made by others' });
    return { left: 'it was not made by this workspace' };
  }
  if (state === 'unsure' && (await PIECES[piece.kind].find(aws, piece.name)) === undefined) {
    if (!isFresh(aws, entry)) await journal.append({ type: 'gone', piece: id });
    return 'absent';
  }
  await journal.append({ type: 'removal', piece: id });
  try {
    const waiting = { signal: context.signal, onStatus: context.onWait };
    await PIECES[piece.kind].remove(aws, piece.name, handle, waiting);
  } catch (error) {
    if (faultOf(error).code === 'BucketNotEmpty') {
      await journal.append({ type: 'left', piece: id, why: 'it is not empty' });
      return { left: 'it is not empty' };
    }
    if (!isMissing(error)) throw error;
  }
  await journal.append({ type: 'gone', piece: id });
  return 'gone';
}

const NAMED_BY_PERSONS: ReadonlySet<PieceKind> = new Set(['endpoint', 'stack', 'clock', 'component']);

/** Names of models and configurations are ours alone; that of an endpoint a person chose, and others may have it, or its stacks'. */
async function isForeign(aws: Aws, { piece, tags, state }: LedgerPiece): Promise<boolean> {
  if (!NAMED_BY_PERSONS.has(piece.kind)) return false;
  const there = await PIECES[piece.kind].find(aws, piece.name);
  if (there?.arn === undefined) return false;
  const theirs = await tagsAt(aws, there.arn);
  if (theirs === undefined) return state !== 'made';
  return theirs[TAGS.workspace] !== tags[TAGS.workspace];
}
