/** Takes away what was found at AWS, by its journal where this workspace has one, else by itself. */
import type { UnpricedThing } from '../../../protocol/costs.ts';
import { PIECE_KINDS } from '../../../protocol/deployment.ts';
import { messageOf, UserError } from '../../../protocol/user-error.ts';
import { TAGS } from '../deployment-names.ts';
import type { Aws } from './aws-clients.ts';
import { deleteEndpoint, requireEndpoint } from './endpoints.ts';
import { explained, faultOf, isDenied, isMissing } from './fault.ts';
import { pieceText } from '../../../protocol/text/piece-text.ts';
import { PIECES, tagsAt } from './pieces.ts';
import { STILL_NEEDED, type Removal } from './remove-pieces.ts';

export interface RemoveContext {
  readonly aws: Aws;
  readonly storeFolder: string;
  readonly signal: AbortSignal;
  readonly onWait: (status: string) => void;
}

/** All that can be is taken away: where one thing cannot be, the others still are. */
export async function removeThings(
  context: RemoveContext,
  things: readonly UnpricedThing[],
): Promise<Removal> {
  const journals = [...new Set(things.flatMap(({ journal }) => journal ?? []))];
  const removals: Removal[] = [];
  for (const name of journals) removals.push(await byJournal(context, name));
  removals.push(
    await byThemselves(
      context,
      things.filter(({ journal }) => journal === undefined),
    ),
  );
  return {
    removed: removals.flatMap(({ removed }) => removed),
    left: removals.flatMap(({ left }) => left),
    remaining: removals.flatMap(({ remaining }) => remaining),
  };
}

async function byJournal(
  { aws, storeFolder, signal, onWait }: RemoveContext,
  name: string,
): Promise<Removal> {
  try {
    return await deleteEndpoint(aws, requireEndpoint(storeFolder, name), signal, onWait);
  } catch (error) {
    const why = messageOf(explained(error, aws.doing(`taking the endpoint ${name} away`)));
    return { removed: [], left: [], remaining: [{ piece: `endpoint ${name}`, why }] };
  }
}

async function byThemselves(context: RemoveContext, things: readonly UnpricedThing[]): Promise<Removal> {
  const removed: string[] = [];
  const left: string[] = [];
  const remaining: { piece: string; why: string }[] = [];
  const staying = new Set<string>();
  const rank = ({ kind }: UnpricedThing): number => PIECE_KINDS.indexOf(kind);
  for (const thing of [...things].sort((a, b) => rank(a) - rank(b))) {
    const text = `${pieceText(thing)} in ${thing.region}`;
    const aws = context.aws.in(thing.region);
    try {
      context.signal.throwIfAborted();
      if (thing.kind === 'clock' && staying.has(endpointKey(thing))) {
        remaining.push({ piece: text, why: STILL_NEEDED });
        continue;
      }
      await requireOurs(aws, thing);
      if (thing.kind === 'endpoint' && thing.on !== undefined) await forgetScaling(aws, thing.name);
      const waiting = { signal: context.signal, onStatus: context.onWait };
      await PIECES[thing.kind].remove(aws, thing.name, undefined, waiting);
      removed.push(text);
    } catch (error) {
      if (isMissing(error)) removed.push(text);
      else if (faultOf(error).code === 'BucketNotEmpty') left.push(`${text}: it is not empty`);
      else {
        remaining.push({ piece: text, why: messageOf(explained(error, aws.doing('taking it away'))) });
        if (thing.kind === 'endpoint') staying.add(endpointKey(thing));
      }
    }
  }
  return { removed, left, remaining };
}

function endpointKey({ endpoint = '', region }: UnpricedThing): string {
  return `${region} ${endpoint}`;
}

/** Few endpoints of instances scale; of those that do, AWS keeps the rule after their end. */
async function forgetScaling(aws: Aws, name: string): Promise<void> {
  try {
    await PIECES.scaling.remove(aws, name, undefined);
  } catch (error) {
    if (!isMissing(error) && !isDenied(error)) throw error;
  }
}

/** Meanwhile another thing may have taken its name. */
async function requireOurs(aws: Aws, { kind, name, arn, byName }: UnpricedThing): Promise<void> {
  if (byName || kind === 'object' || kind === 'upload' || kind === 'bucket') return;
  const tags = await tagsAt(aws, arn);
  if (tags === undefined || tags[TAGS.deployment] !== undefined) return;
  throw new UserError(`There is another ${pieceText({ kind, name })} now.`, 'It was left as it is.');
}
