import { z } from 'zod';
import { instant, objectId } from '../http/page.js';
import { person } from '../users/schema.js';
import { party } from './status.js';

/** Every event of the product, one grammar (noun.past-verb), in the order of the story. */
export const EVENTS = [
  'case.created',
  'case.submitted',
  'case.correction-asked',
  'case.dispatch-asked',
  'case.routed',
  'case.ended-as-pathway',
  'case.patient-corrected',
  'case.withdrawn',
  'case.completed',
  'case.legal-hold-set',
  'case.legal-hold-lifted',
  'slide.received',
  'slide.processing-started',
  'slide.ready',
  'slide.rejected',
  'slide.checked',
  'slide.described',
  'slide.label-compared',
  'slide.labels-destroyed',
  'slide.purged',
  'slide.damaged',
  'slide.restored',
  'slide.removed',
  'shipment.declared',
  'shipment.described',
  'shipment.sent',
  'shipment.received',
  'review.routed',
  'review.held',
  'review.admitted',
  'review.coordinator-asked',
  'review.centre-assigned',
  'review.assigned',
  'review.accepted',
  'review.declined',
  'review.parcel-received',
  'review.parcel-forwarded',
  'review.reassigned',
  'review.left-unopened',
  'review.opened',
  'review.material-asked',
  'review.material-answered',
  'review.preliminary-signed',
  'review.signed',
  'review.addendum-signed',
  'review.correction-signed',
  'review.report-read',
  'review.session-discussed',
  'review.half-elapsed',
  'review.due-soon',
  'review.overdue',
  'review.cancelled',
  'message.posted',
] as const;
export const eventName = z.enum(EVENTS);
export type EventName = z.infer<typeof eventName>;

/** Which record an event belongs to; the entry lives on that record's own timeline. */
export type RecordKind = 'case' | 'slide' | 'review' | 'message';

/**
 * One entry of a record's timeline. It is written in the same atomic update as the status, and it is the event.
 * `params` holds ids, network ids, codes and counts, and the `reason` a person typed: encrypted in the store, and given only to
 * those who may read it (`reasonWithheld` tells the others that there is one).
 */
export const timelineEntry = z.object({
  id: z.string(),
  at: instant,
  event: eventName,
  by: person.nullable(),
  from: z.string().nullable(),
  to: z.string(),
  party,
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** A timeline entry as the case page shows it: with the record it belongs to. */
export const caseTimelineEntry = timelineEntry.extend({
  record: z.enum(['case', 'slide', 'review']),
  recordId: objectId,
});
export type CaseTimelineEntry = z.infer<typeof caseTimelineEntry>;
