/** What a journal says: which pieces may exist, which deployment is in service, and which one can be gone back to. */
import {
  pieceId,
  type FrontAccess,
  type JournalEntry,
  type Piece,
  type PieceKind,
  type Tags,
} from '../../protocol/deployment.ts';
import { isPast } from '../../protocol/is-past.ts';
import { componentName, TAGS } from './deployment-names.ts';

export interface LedgerPiece {
  readonly piece: Piece;
  /** The deployment that asked for it last. */
  readonly deployment: string;
  readonly tags: Tags;
  /** When it was asked for. */
  readonly asked: number;
  /** `made`: AWS said so. `unsure`: it was asked for, and no answer tells what came of it. */
  readonly state: 'made' | 'unsure';
  readonly handle?: string | undefined;
  /** Of a front. */
  readonly access?: FrontAccess | undefined;
  /** It was about to be taken away. */
  readonly removing?: true;
}

type DeploymentEntry = JournalEntry & { readonly type: 'deployment' };

interface Live {
  readonly id: string;
  readonly config: string;
  /** Since when. */
  readonly t: number;
}

export interface Ledger {
  readonly deployments: ReadonlyMap<string, DeploymentEntry>;
  /** What may exist, by the ids of pieces. */
  readonly pieces: ReadonlyMap<string, LedgerPiece>;
  /** The deployment that answers. */
  readonly live: Live | undefined;
  /** The one before it, while its configuration may exist. */
  readonly previous: Live | undefined;
  /** The deployment that came to be in service last; another one answers where it was gone back from. */
  readonly newest: Live | undefined;
  /** Deployments that came to be in service, as long as the endpoint is there. */
  readonly served: ReadonlySet<string>;
  /** Whether the endpoint was about to get another configuration than that of `live`. */
  readonly updating: boolean;
  /** The deployment that neither ended nor came to be in service: its process was lost. */
  readonly unfinished: string | undefined;
  /** The endpoint, or its front alone, was about to be taken away, and something of that is left. */
  readonly removal: LeftRemoval | undefined;
}

interface LeftRemoval {
  readonly of: 'endpoint' | 'front';
  /** When it began. */
  readonly t: number;
}

/** Folds the entries of a journal. */
export function ledgerOf(entries: readonly JournalEntry[]): Ledger {
  const folded = new Fold();
  for (const entry of entries) folded.take(entry);
  return folded.ledger();
}

class Fold {
  readonly #deployments = new Map<string, DeploymentEntry>();
  readonly #pieces = new Map<string, LedgerPiece>();
  #lives: Live[] = [];
  #updating = false;
  #open: string | undefined;
  #removal: (LeftRemoval & { readonly piece: string }) | undefined;

  take(entry: JournalEntry): void {
    switch (entry.type) {
      case 'deployment':
        this.#deployments.set(entry.id, entry);
        this.#open = entry.id;
        this.#removal = undefined;
        return;
      case 'update':
        this.#updating = true;
        return;
      case 'live':
        this.#lives.push({ id: entry.id, config: entry.config, t: entry.t });
        this.#updating = false;
        if (this.#open === entry.id) this.#open = undefined;
        return;
      case 'ended':
        if (this.#open === entry.id) this.#open = undefined;
        return;
      case 'removal':
        this.#remove(entry.piece, entry.t);
        return;
      default:
        this.#takePiece(entry);
    }
  }

  #takePiece(
    entry: JournalEntry & { readonly type: 'intent' | 'made' | 'refused' | 'unsure' | 'gone' | 'left' },
  ): void {
    if (entry.type === 'intent') {
      const { piece, id, tags, t } = entry;
      if (this.#removal?.piece === pieceId(piece)) this.#removal = undefined;
      const before = this.#pieces.get(pieceId(piece));
      this.#pieces.set(pieceId(piece), {
        ...{ piece, tags, deployment: id, asked: t, state: 'unsure' },
        ...{ handle: before?.handle, access: before?.access },
      });
      return;
    }
    const known = this.#pieces.get(entry.piece);
    if (entry.type === 'made' && known !== undefined) {
      const { removing: _, ...there } = known;
      this.#pieces.set(entry.piece, {
        ...{ ...there, state: 'made', handle: entry.handle ?? known.handle },
        access: entry.access ?? known.access,
      });
    }
    if (entry.type === 'refused' || entry.type === 'gone' || entry.type === 'left') this.#forget(entry.piece);
  }

  #remove(id: string, t: number): void {
    const known = this.#pieces.get(id);
    if (known === undefined) return;
    this.#pieces.set(id, { ...known, removing: true });
    const { kind } = known.piece;
    if (kind === 'stack') this.#removal = { of: 'front', t, piece: id };
    // Without its component an endpoint does not answer.
    if (kind === 'endpoint' || kind === 'component') this.#removal = { of: 'endpoint', t, piece: id };
  }

  /** All pieces go with an endpoint; of a front it is that piece alone. */
  #leftRemoval(): LeftRemoval | undefined {
    if (this.#removal === undefined) return undefined;
    const { of, t, piece } = this.#removal;
    const isLeft = of === 'endpoint' ? this.#pieces.size > 0 : this.#pieces.has(piece);
    return isLeft ? { of, t } : undefined;
  }

  /** Without its endpoint nothing is in service, nor can be gone back to. */
  #forget(id: string): void {
    if (this.#pieces.get(id)?.piece.kind === 'endpoint') this.#lives = [];
    this.#pieces.delete(id);
  }

  ledger(): Ledger {
    const live = this.#lives.at(-1);
    const previous = this.#lives.findLast(
      ({ id, config }) => id !== live?.id && this.#pieces.has(heartOf(this.#pieces, config)),
    );
    return {
      ...{ deployments: this.#deployments, pieces: this.#pieces, live, previous },
      newest: [...new Map(this.#lives.map((one) => [one.id, one])).values()].at(-1),
      served: new Set(this.#lives.map(({ id }) => id)),
      ...{ updating: this.#updating, unfinished: this.#open, removal: this.#leftRemoval() },
    };
  }
}

/**
 * What a deployment answers by: its configuration with the model that this needs or, where the endpoint keeps its own
 * configuration, the model alone, which the endpoint's component has.
 */
function heartOf(pieces: Ledger['pieces'], config: string): string {
  const keepsConfig = [...pieces.values()].some(
    ({ piece }) => piece.kind === 'endpoint' && piece.needs.length > 0,
  );
  return pieceId({ kind: keepsConfig ? 'model' : 'endpoint-config', name: config });
}

/**
 * The pieces that stay: the endpoint with what answers by it, its front, what can be gone back to, and all that these need.
 * Nothing stays where nothing is in service.
 */
export function keptPieces(ledger: Ledger): Set<string> {
  const { live, previous, served, pieces } = ledger;
  const kept = new Set<string>();
  if (live === undefined) return kept;
  const keep = (id: string): void => {
    const entry = pieces.get(id);
    if (entry === undefined || kept.has(id)) return;
    kept.add(id);
    entry.piece.needs.forEach(keep);
  };
  for (const { piece, deployment, removing } of pieces.values()) {
    if (LASTING.has(piece.kind)) keep(pieceId(piece));
    if (piece.kind === 'clock' && clockAsked(ledger) !== undefined) keep(pieceId(piece));
    // A front stays whichever model answers, once the deployment came to its end that made it, unless it alone is to go.
    if (piece.kind === 'stack' && served.has(deployment) && removing === undefined) keep(pieceId(piece));
  }
  for (const { config } of [live, ...(previous === undefined ? [] : [previous])])
    keep(heartOf(pieces, config));
  return kept;
}

/** They are of an endpoint, whichever model answers. */
const LASTING: ReadonlySet<PieceKind> = new Set(['endpoint', 'scaling', 'component']);

/** The inference component of an endpoint that scales to zero. */
export function componentIn({ pieces }: Pick<Ledger, 'pieces'>): string | undefined {
  const found = [...pieces.values()].find(({ piece }) => piece.kind === 'component');
  return found === undefined ? undefined : componentName(found.piece.name);
}

/** The REST front of an endpoint: its address, and who may ask it; empty where it has none. */
export function frontOf({ pieces }: Pick<Ledger, 'pieces'>): {
  readonly front?: string;
  readonly frontAccess?: FrontAccess;
} {
  const { handle, access } = [...pieces.values()].find(({ piece }) => piece.kind === 'stack') ?? {};
  if (handle === undefined) return {};
  return { front: handle, ...(access === undefined ? {} : { frontAccess: access }) };
}

/** Where the pieces of an endpoint are; undefined where nothing was ever made. */
export function placeOf(ledger: Ledger): { readonly account: string; readonly region: string } | undefined {
  return [...ledger.deployments.values()].at(-1);
}

/** Whether the time to live of what is in service has passed. */
export function isOver(ledger: Timed, now = Date.now()): boolean {
  return isPast(expiryOf(ledger), now);
}

type Timed = Pick<Ledger, 'live' | 'newest' | 'pieces'>;

/** ISO time at which what is in service is to be taken away. */
export function expiryOf(ledger: Timed): string | undefined {
  return timed(ledger)?.expires;
}

/** The newest deployment's word holds, be it gone back from; where that named no time, the word of what answers. */
function timed({ live, newest, pieces }: Timed): (Live & Pick<ClockAsked, 'tags' | 'expires'>) | undefined {
  if (live === undefined) return undefined;
  for (const one of newest === undefined ? [live] : [newest, live]) {
    const { tags } = pieces.get(heartOf(pieces, one.config)) ?? {};
    const expires = tags?.[TAGS.expires];
    if (tags !== undefined && expires !== undefined) return { ...one, tags, expires };
  }
  return undefined;
}

/** The clock at AWS that what is in service is to have. */
export interface ClockAsked {
  /** Of the deployment that named the time. */
  readonly id: string;
  readonly tags: Tags;
  readonly expires: string;
  /** That deployment asked for one; where its journal was lost, it is not known. */
  readonly isOwn: boolean;
}

/** Undefined where it is to have none. */
export function clockAsked(ledger: Timed & Pick<Ledger, 'deployments'>): ClockAsked | undefined {
  const found = timed(ledger);
  if (found === undefined) return undefined;
  const { id, tags, expires } = found;
  const clock = ledger.deployments.get(id)?.clock;
  return clock === false ? undefined : { id, tags, expires, isOwn: clock === true };
}

/** Whether a clock at AWS takes away what is in service, when its time is over. */
export function hasClock(ledger: Timed): boolean {
  const expires = expiryOf(ledger);
  const clock = [...ledger.pieces.values()].find(({ piece }) => piece.kind === 'clock');
  return expires !== undefined && isSetTo(clock, expires);
}

/** Whether it is known that a clock is there, and set to a time. */
export function isSetTo(clock: LedgerPiece | undefined, expires: string): boolean {
  return clock?.state === 'made' && clock.removing === undefined && clock.handle === expires;
}
