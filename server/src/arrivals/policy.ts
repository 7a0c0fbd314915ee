import { hasRole, type Principal } from '../platform/principal.js';
import type { ArrivalRecord } from './model.js';

/** Named rules of who may do what with a slide that came by itself. */

/** Its name may be a patient's: the people of the organisation who prepare or send, nobody else. */
export const maySeeArrival = (record: Pick<ArrivalRecord, 'organisationId'>, principal: Principal): boolean =>
  String(record.organisationId) === principal.organisationId && hasRole(principal, 'submitter', 'preparer');
