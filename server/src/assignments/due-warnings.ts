import type { CalendarId } from '@relecture/shared/assignments/calendars.js';
import type { EventName } from '@relecture/shared/events/catalog.js';
import { workingTimeBefore } from './working-calendar.js';

/** What is said when half, four fifths and all of the network's time has passed: of it, this share is left. */
export const WARNINGS = [
  { event: 'review.half-elapsed', left: 0.5 },
  { event: 'review.due-soon', left: 0.2 },
  { event: 'review.overdue', left: 0 },
] as const satisfies ReadonlyArray<{ event: EventName; left: number }>;
export type Warning = (typeof WARNINGS)[number]['event'];

export interface DueFacts {
  readonly dueAt: Date;
  /** Working days that the network gives for this level and urgency. */
  readonly days: number;
  readonly calendar: CalendarId;
}

const instantOf = ({ dueAt, days, calendar }: DueFacts, left: number): Date =>
  left === 0 ? dueAt : workingTimeBefore(dueAt, days * left, calendar);

/**
 * The last warning whose time has come, and when to look again; null when there is nothing more to say. Counted back from
 * the due date, which only ever moves later: looked at too early, nothing is said. Pure.
 */
export function warningAt(facts: DueFacts, at: Date): { warning: Warning | null; next: Date | null } {
  const reached = WARNINGS.filter(({ left }) => instantOf(facts, left) <= at);
  const coming = WARNINGS[reached.length];
  return {
    warning: reached.at(-1)?.event ?? null,
    next: coming ? instantOf(facts, coming.left) : null,
  };
}
