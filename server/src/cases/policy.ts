import type { StoredEntry } from '../events/index.js';
import { coordinates, hasRole, type Principal } from '../platform/principal.js';
import type { CaseRecord } from './model.js';

/** Named rules of who may do what with a case. Each takes the record and who asks. */

const ended = (record: CaseRecord): boolean => ['withdrawn', 'clinical_pathway'].includes(record.status);

/** The sender's side: people of the organisation who prepare or send. */
export const isSender = (record: CaseRecord, principal: Principal): boolean =>
  String(record.organisationId) === principal.organisationId && hasRole(principal, 'submitter', 'preparer');

export const isReader = (record: CaseRecord, principal: Principal): boolean =>
  record.access.readerIds.some((id) => String(id) === principal.id);

/** The secretary or resident who works for an assigned reviewer. */
export const preparesForReader = (record: CaseRecord, principal: Principal): boolean =>
  hasRole(principal, 'preparer') &&
  record.access.readerOrganisationIds.some((id) => String(id) === principal.organisationId);

/** Identity: the sender's organisation, the assigned reviewers and their preparers. Nobody else, whatever their role. */
export const maySeeIdentity = (record: CaseRecord, principal: Principal): boolean =>
  isSender(record, principal) || isReader(record, principal) || preparesForReader(record, principal);

/** The case without identity: also the networks let in (their readers and coordinators) and the national dispatchers. */
export function maySeeCase(record: CaseRecord, principal: Principal): boolean {
  if (maySeeIdentity(record, principal)) return true;
  if (record.status === 'draft') return false;
  if (mayDispatch(principal)) return true;
  return principal.networks.some((network) => record.access.networkIds.includes(network.networkId));
}

/** National coordinators choose networks by hand, and read why another of them did. */
export const mayDispatch = (principal: Principal): boolean =>
  principal.national && hasRole(principal, 'coordinator');

/**
 * The reason typed with an act names a patient easily: it is for those who know who the patient is, and for its author.
 * A choice of networks was written for the national coordination, which reads it too.
 */
export const mayReadReason = (
  { event, by }: Pick<StoredEntry, 'event' | 'by'>,
  record: CaseRecord,
  principal: Principal,
): boolean =>
  maySeeIdentity(record, principal) ||
  by?.id === principal.id ||
  (['case.routed', 'case.ended-as-pathway'].includes(event) && mayDispatch(principal));

export const mayEdit = (record: CaseRecord, principal: Principal): boolean =>
  isSender(record, principal) && ['draft', 'to_correct'].includes(record.status);

/** Only the pathologist sends. */
export const maySubmit = (record: CaseRecord, principal: Principal): boolean =>
  mayEdit(record, principal) && hasRole(principal, 'submitter');

export const mayWithdraw = (record: CaseRecord, principal: Principal): boolean =>
  isSender(record, principal) &&
  hasRole(principal, 'submitter') &&
  ['submitted', 'to_correct', 'to_dispatch', 'routed'].includes(record.status);

export const mayCorrectPatient = (record: CaseRecord, principal: Principal): boolean =>
  isSender(record, principal) && hasRole(principal, 'submitter') && record.status !== 'draft';

/** Whoever answers for the patient's slides may keep them from being purged, or let them go again. */
export const mayHoldSlides = (record: CaseRecord, principal: Principal): boolean =>
  isSender(record, principal) && hasRole(principal, 'submitter') && record.status !== 'draft';

/** Slides, shipments and attachments: the sender, as long as the case is alive. Late ones too. */
export const mayAddMaterial = (record: CaseRecord, principal: Principal): boolean =>
  isSender(record, principal) && takesMaterial(record);

export const takesMaterial = (record: CaseRecord): boolean => !ended(record) && record.status !== 'completed';

/** The expert centre, or its coordinator, says that the parcel has come. */
export const mayReceiveShipment = (record: CaseRecord, principal: Principal): boolean =>
  isReader(record, principal) ||
  preparesForReader(record, principal) ||
  record.access.networkIds.some((networkId) => coordinates(principal, networkId)) ||
  principal.networks.some((network) => record.access.networkIds.includes(network.networkId));

/** Messages stay between the sender and those who read or coordinate. */
export const mayPostMessage = (record: CaseRecord, principal: Principal): boolean =>
  record.status !== 'draft' &&
  (isSender(record, principal) ||
    isReader(record, principal) ||
    // Whoever has to choose the network may first ask the sender.
    (record.status === 'to_dispatch' && mayDispatch(principal)) ||
    record.access.networkIds.some((networkId) => coordinates(principal, networkId)));
