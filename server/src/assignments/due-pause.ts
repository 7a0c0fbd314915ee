import { now } from '../platform/clock.js';
import type { ReviewRecord } from '../reviews/index.js';
import { addWorkingDays, workingDaysUntil } from './working-calendar.js';

type Due = Pick<ReviewRecord, 'dueAt' | 'pausedDue'> & Partial<Pick<ReviewRecord, 'calendar'>>;

/**
 * The reader's time stands still for two reasons only: material was asked of the sender, or a parcel is under way.
 * What was left of it when it stopped is left when it goes on; the patient's clock, which counts every day, never stops.
 */
export const pauseDue = ({ dueAt }: Due, at = now()): Partial<Due> =>
  dueAt === null ? {} : { dueAt: null, pausedDue: { dueAt, since: at } };

/** As many working days later as it stood still: asked and answered on one day, it is due when it was. */
export const resumeDue = ({ pausedDue, calendar = 'FR' }: Due, at = now()): Partial<Due> =>
  pausedDue
    ? {
        dueAt: addWorkingDays(pausedDue.dueAt, workingDaysUntil(pausedDue.since, at, calendar), calendar),
        pausedDue: null,
      }
    : {};
