/** An endpoint at SageMaker as people see it in a list: from its journal and state alone. */
import { pieceText } from '../../protocol/text/piece-text.ts';
import type { DeployedModel, DeploymentState } from '../../protocol/deployment.ts';
import type { EndpointModel, SageMakerEndpoint } from '../../protocol/endpoint.ts';
import { sageMakerId } from '../../protocol/endpoint-id.ts';
import { isPast } from '../../protocol/is-past.ts';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import { MAX_K } from './capacity.ts';
import type { DeploymentFolder } from './deployment-folder.ts';
import { componentIn, expiryOf, frontOf, hasClock, placeOf, type Ledger } from './ledger.ts';

/** Undefined where nothing was ever begun. */
export function knownEndpoint(folder: DeploymentFolder): SageMakerEndpoint | undefined {
  const { endpoint: name } = folder;
  const named = { where: 'sagemaker', id: sageMakerId(name), name, maxK: MAX_K } as const;
  try {
    const [ledger, state, isBusy] = [folder.ledger(), folder.state(), folder.isBusy];
    if (state === undefined && ledger.deployments.size === 0 && ledger.pieces.size === 0) return undefined;
    return {
      ...{ ...named, ...placed(ledger, state), ...answering(ledger), ...ofLast(ledger, state, isBusy) },
      ...ofRemoval(folder, ledger, state),
    };
  } catch (error) {
    const hint = error instanceof UserError ? { hint: error.hint } : {};
    return { ...named, state: 'damaged', pieces: [], failure: { message: messageOf(error), ...hint } };
  }
}

type Part = Partial<SageMakerEndpoint>;

function placed(ledger: Ledger, state: DeploymentState | undefined): Part {
  const place = placeOf(ledger) ?? state;
  const { profile } = state ?? {};
  return {
    ...(place === undefined ? {} : { account: place.account, region: place.region }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function answering(ledger: Ledger): Part {
  const { live, previous, deployments } = ledger;
  if (live === undefined) return {};
  const [now, before] = [deployments.get(live.id), deployments.get(previous?.id ?? '')];
  const [expires, component] = [expiryOf(ledger), componentIn(ledger)];
  return {
    since: new Date(live.t).toISOString(),
    ...(now === undefined ? {} : { answering: modelOf(now) }),
    ...(now?.capacity === undefined ? {} : { capacity: now.capacity }),
    ...(component === undefined ? {} : { component }),
    ...(before === undefined ? {} : { earlier: modelOf(before) }),
    ...(expires === undefined ? {} : { expires }),
    ...(hasClock(ledger) ? { clock: true } : {}),
    ...frontOf(ledger),
  };
}

function ofLast(
  ledger: Ledger,
  state: DeploymentState | undefined,
  isBusy: boolean,
): Pick<SageMakerEndpoint, 'state' | 'pieces'> & Part {
  const pieces = [...ledger.pieces.values()].map(({ piece }) => pieceText(piece));
  const last = state ?? [...ledger.deployments.values()].at(-1);
  const failure = isBusy ? undefined : failureOf(ledger, state);
  return {
    pieces,
    state: isBusy ? 'deploying' : standing(ledger),
    ...(last === undefined ? {} : { deployment: last.id, deployed: modelOf(last) }),
    ...(state !== undefined && isBusy ? { activity: activityOf(state) } : {}),
    ...(failure === undefined ? {} : { failure }),
    ...(state?.state === 'cancelled' ? { cancelled: true } : {}),
    ...(hasRunOut(ledger, state) ? { ranOut: true } : {}),
  };
}

/** Whoever took it away, it was after its time. */
function hasRunOut({ live }: Ledger, state: DeploymentState | undefined): boolean {
  return live === undefined && state?.state === 'inService' && isPast(state.expires);
}

function standing({ live, pieces }: Ledger): 'inService' | 'left' | 'ended' {
  if (live !== undefined) return 'inService';
  return pieces.size > 0 ? 'left' : 'ended';
}

function failureOf({ unfinished }: Ledger, state: DeploymentState | undefined): SageMakerEndpoint['failure'] {
  if (state?.failure !== undefined) return state.failure;
  const isLost = unfinished !== undefined || state?.state === 'running';
  if (!isLost) return undefined;
  return {
    message: 'The process of the last deployment was lost.',
    hint: 'What it left at AWS is taken away by the next deployment, or by a sweep.',
  };
}

/** A removal after the last deployment that was cut off, or did not come through with all. */
function ofRemoval(
  folder: DeploymentFolder,
  { removal, pieces }: Ledger,
  state: DeploymentState | undefined,
): Part {
  if (removal === undefined || state?.state === 'running' || folder.isHeld) return {};
  const { of, t } = removal;
  if (state?.ended !== undefined && Date.parse(state.ended) > t) return {};
  const left = [...pieces.values()].map(({ piece }) => pieceText(piece)).join(', ');
  const what = of === 'front' ? `The REST front of ${folder.endpoint}` : `The endpoint ${folder.endpoint}`;
  const more = of === 'front' ? '' : ` This may still be there: ${left}.`;
  return {
    removal: of,
    failure: {
      message: `${what} was being taken away, and not all of it is gone.`,
      hint: `Delete it again.${more}`,
    },
  };
}

/** Steps that are done, and what is known of the one that is under way. */
function activityOf({ id, steps }: DeploymentState): NonNullable<SageMakerEndpoint['activity']> {
  const done = steps.filter(({ state }) => state === 'done').length;
  const now = steps.find(({ state }) => state === 'running' || state === 'failed');
  const share =
    now?.done !== undefined && now.total !== undefined && now.total > 0 ? now.done / now.total : 0;
  return {
    ...{ id, step: now?.name ?? steps[Math.min(done, steps.length - 1)]?.name ?? '' },
    ...(now?.message === undefined ? {} : { message: now.message }),
    fraction: Math.min(1, (done + Math.min(1, share)) / Math.max(1, steps.length)),
  };
}

function modelOf({ model, kind, run, everything, package: folder }: DeployedModel): EndpointModel {
  return {
    ...{ model, kind },
    ...(run === undefined ? {} : { run }),
    ...(folder === undefined ? {} : { package: folder }),
    ...(everything === true ? { everything } : {}),
  };
}
