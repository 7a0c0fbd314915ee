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
  if (principal.national && hasRole(principal, 'coordinator')) return true;
  return principal.networks.some((network) => record.access.networkIds.includes(network.networkId));
}

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

/** Slides, shipments and attachments: the sender, as long as the case is alive. Late ones too. */
export const mayAddMaterial = (record: CaseRecord, principal: Principal): boolean =>
  isSender(record, principal) && !ended(record) && record.status !== 'completed';

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
    (record.status === 'to_dispatch' && principal.national && hasRole(principal, 'coordinator')) ||
    record.access.networkIds.some((networkId) => coordinates(principal, networkId)));
