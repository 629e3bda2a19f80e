/** Makes one thing at AWS, so that it is known before it may be there. */
import { pieceId, type Piece, type Tags } from '../../../protocol/deployment.ts';
import { pieceText } from '../../../protocol/text/piece-text.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { TAGS } from '../deployment-names.ts';
import type { Journal } from '../journal.ts';
import type { Aws } from './aws-clients.ts';
import { explained, faultOf } from './fault.ts';
import { PIECES, tagsAt, type Found } from './pieces.ts';

export interface Making {
  readonly aws: Aws;
  readonly journal: Journal;
  /** Id of the deployment. */
  readonly id: string;
  readonly tags: Tags;
}

/**
 * Writes down what is about to be made, makes it, and writes down what came of it. Where the answer was lost, it is looked
 * for: AWS may have made it all the same.
 * @throws UserError where it was not made, or nobody knows
 */
export async function makePiece(
  { aws, journal, id, tags }: Making,
  piece: Piece,
  make: () => Promise<Found>,
): Promise<Found> {
  const name = pieceId(piece);
  await journal.append({ type: 'intent', id, piece, tags });
  try {
    const made = await make();
    await journal.append({ type: 'made', piece: name, ...told(made) });
    return made;
  } catch (error) {
    const { code, certain } = faultOf(error);
    const there = mayBeThere(error) ? await lookAgain(aws, piece, tags) : undefined;
    if (there !== undefined && there !== 'foreign') {
      await journal.append({ type: 'made', piece: name, ...told(there) });
      return there;
    }
    const isRefused = certain || there === 'foreign';
    await journal.append({ type: isRefused ? 'refused' : 'unsure', piece: name, code });
    if (there === 'foreign') throw nameTaken(piece);
    throw explained(error, aws.doing(`making the ${pieceText(piece)}`));
  }
}

function told({ arn, handle }: Found): { arn?: string; handle?: string } {
  return { ...(arn === undefined ? {} : { arn }), ...(handle === undefined ? {} : { handle }) };
}

/** A call that was sent again after a lost answer is told that the name is taken: by the first. */
function mayBeThere(error: unknown): boolean {
  const { code, message, certain } = faultOf(error);
  return !certain || /exist|in use|OwnedByYou/i.test(`${code} ${message}`);
}

async function lookAgain(aws: Aws, piece: Piece, tags: Tags): Promise<Found | 'foreign' | undefined> {
  try {
    const there = await PIECES[piece.kind].find(aws, piece.name);
    if (there?.arn === undefined) return there;
    const theirs = await tagsAt(aws, there.arn);
    const isOurs = theirs?.[TAGS.deployment] === tags[TAGS.deployment];
    return isOurs ? there : 'foreign';
  } catch {
    return undefined;
  }
}

function nameTaken(piece: Piece): UserError {
  return new UserError(
    `There is another ${pieceText(piece)} already, which was not made by this deployment.`,
    'Choose another name: --name my-endpoint',
    { inWindow: 'Deploy again, by another name.' },
  );
}
