/**
 * Brings an endpoint to what its journal says is in service: what a lost process left half done is undone, and what nothing
 * in service needs is taken away.
 */
import { UserError } from '../../../protocol/user-error.ts';
import { componentIn, keptPieces, type Ledger } from '../ledger.ts';
import type { DeploymentFolder } from '../deployment-folder.ts';
import type { Aws } from './aws-clients.ts';
import { askUpdate, endpointStatus, settledEndpoint } from './endpoint-status.ts';
import { adaptClock } from './clock.ts';
import { adaptComponentTo } from './component.ts';
import { adaptFrontTo } from './front.ts';
import { removePieces, type Removal, type RemovalContext } from './remove-pieces.ts';

export interface Settling extends Omit<RemovalContext, 'journal'> {
  /** Whether nothing is to stay, be it in service. */
  readonly all?: boolean;
  /** Whether uploads that were cut off stay, as they are about to be gone on with. */
  readonly keepUploads?: boolean;
}

/** To be called while the folder is locked. */
export async function settle(
  folder: DeploymentFolder,
  { all = false, keepUploads = false, ...context }: Settling,
): Promise<Removal> {
  const { journal } = folder;
  const { aws } = context;
  let ledger = folder.ledger();
  if (ledger.live !== undefined && !all) {
    await restoreLive(folder, ledger, context);
    ledger = folder.ledger();
  }
  const kept = all ? new Set<string>() : keptPieces(ledger);
  if (keepUploads) keepOpenUploads(ledger, kept);
  const superfluous = [...ledger.pieces].flatMap(([id, piece]) => (kept.has(id) ? [] : [piece]));
  const removal = await removePieces({ ...context, journal }, superfluous);
  const { unfinished } = ledger;
  if (unfinished !== undefined)
    await journal.append({
      ...{ type: 'ended', id: unfinished, outcome: 'failed' },
      message: `cleared away by a later command; ${folder.text} in ${aws.region}`,
    });
  return removal;
}

function keepOpenUploads({ pieces }: Ledger, kept: Set<string>): void {
  for (const [id, { piece }] of pieces) {
    if (piece.kind !== 'upload') continue;
    kept.add(id);
    piece.needs.forEach((needed) => kept.add(needed));
  }
}

/** Gives the endpoint the configuration back that it had before an update that did not end well. */
async function restoreLive(
  { journal, endpoint }: DeploymentFolder,
  ledger: Ledger,
  { aws, signal, onWait }: Omit<RemovalContext, 'journal'>,
): Promise<void> {
  const { live, updating } = ledger;
  if (live === undefined) return;
  const waiting = { signal, onStatus: onWait };
  const place = { endpoint, journal, ledger };
  if (updating) {
    if (componentIn(ledger) === undefined) await restoreConfig(aws, endpoint, live.config, waiting);
    else await adaptComponentTo(aws, place, live, waiting);
    await adaptFrontTo(aws, place, live.id, waiting);
  }
  if ((await endpointStatus(aws, endpoint)) === undefined) {
    // Someone took it away in the console.
    await journal.append({ type: 'gone', piece: `endpoint:${endpoint}` });
    return;
  }
  await adaptClock(aws, place, waiting, updating);
  if (updating) await journal.append({ type: 'live', id: live.id, config: live.config });
}

async function restoreConfig(
  aws: Aws,
  endpoint: string,
  config: string,
  waiting: { signal: AbortSignal | undefined; onStatus: ((status: string) => void) | undefined },
): Promise<void> {
  const settled = await settledEndpoint(aws, endpoint, waiting);
  if (settled === undefined || settled.config === config) return;
  await askUpdate(aws, endpoint, config);
  const restored = await settledEndpoint(aws, endpoint, waiting);
  if (restored?.config !== config)
    throw new UserError(
      `The endpoint ${endpoint} did not go back to its earlier configuration ${config}: ${restored?.reason ?? restored?.status ?? 'it is gone'}`,
      'Look at it in the SageMaker console.',
    );
}
