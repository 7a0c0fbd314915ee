import type { EventName } from '@relecture/shared/events/catalog.js';
import type { Party } from '@relecture/shared/events/status.js';

/** Who may be told of an event; the service turns each into people. */
export type Audience =
  | 'sender'
  | 'reviewer'
  /** Its reader; while it has none, those who have to find one. */
  | 'holder'
  /** Those who had the case before this event, and read it still. */
  | 'readers_before'
  /** Those who read for the network in the centre that has it. */
  | 'centre'
  | 'coordinators'
  | 'dispatchers'
  /** Those who keep the machine: what is stored is no longer what was stored. */
  | 'administrators'
  /** Those who have to choose a reader or a network, while nobody reads. */
  | 'choosers';

/**
 * Who is told of what. The person who did it is never told of it. Events that are not here tell nobody: an inbox that
 * repeats the timeline is not read.
 */
const AUDIENCES: Partial<Record<EventName, readonly Audience[]>> = {
  'case.correction-asked': ['sender'],
  'case.dispatch-asked': ['dispatchers', 'sender'],
  'case.routed': ['sender'],
  'case.ended-as-pathway': ['sender'],
  'case.patient-corrected': ['reviewer'],
  'case.withdrawn': ['reviewer', 'coordinators'],
  'slide.ready': ['readers_before'],
  'slide.rejected': ['sender'],
  'slide.damaged': ['administrators'],
  'slide.restored': ['administrators'],
  'shipment.received': ['sender'],
  'review.held': ['sender'],
  'review.coordinator-asked': ['coordinators'],
  'review.centre-assigned': ['centre', 'sender'],
  'review.assigned': ['reviewer', 'sender'],
  'review.reassigned': ['reviewer', 'sender'],
  'review.declined': ['coordinators'],
  'review.material-asked': ['sender'],
  'review.material-answered': ['reviewer'],
  'review.preliminary-signed': ['sender'],
  'review.signed': ['sender', 'coordinators'],
  'review.addendum-signed': ['sender'],
  'review.correction-signed': ['sender', 'coordinators'],
  'review.left-unopened': ['reviewer', 'coordinators'],
  'review.half-elapsed': ['holder'],
  'review.due-soon': ['holder'],
  'review.overdue': ['reviewer', 'coordinators'],
  'message.posted': ['sender', 'reviewer', 'choosers'],
};

/** A case that only waits for what is under way asks nobody for anything. */
export const audiencesOf = (event: EventName, party: Party): readonly Audience[] =>
  event === 'review.held' && party !== 'submitter' ? [] : (AUDIENCES[event] ?? []);
export const TOLD_EVENTS = Object.keys(AUDIENCES) as EventName[];
