import { EndpointChange } from '../../protocol/endpoint-change.ts';
import { knownRecords, type RecordKind } from '../store/own-record.ts';

/** Removals and rollbacks that windows follow. */
export const CHANGES: RecordKind<EndpointChange> = { folder: 'changing', schema: EndpointChange };

export const knownChanges = (store: string): EndpointChange[] => knownRecords(store, CHANGES);
