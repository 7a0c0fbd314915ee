import type { Party } from '@relecture/shared/events/status.js';
import type { Turnaround } from '@relecture/shared/reviews/schema.js';
import { DateTime } from 'luxon';
import { workingDaysBetween, ZONE } from './working-calendar.js';

interface Entry {
  readonly at: Date;
  readonly event: string;
  readonly party: Party;
}

export interface TurnaroundFacts {
  /** Calendar day of the first diagnosis, YYYY-MM-DD. */
  readonly diagnosedOn: string | null;
  /** The draft was begun: where the sender's time begins when no diagnosis is dated. */
  readonly createdAt: Date;
  readonly submittedAt: Date;
  readonly caseTimeline: readonly Entry[];
  readonly reviewTimeline: readonly Entry[];
}

/** The report that ends the waiting, or what ended it otherwise. */
const ENDS = new Set(['review.signed', 'review.cancelled']);

/**
 * How long a reading took, in working days, by who held it: the sender from the first diagnosis to the submission, then
 * whoever the timeline of the case names until the reading was opened, and that of the reading until its report. The
 * parts always add up to the whole, and a part is charged to one party. Pure: `until` is the clock.
 */
export function turnaroundOf(facts: TurnaroundFacts, until: Date): Turnaround {
  const { submittedAt, reviewTimeline, caseTimeline } = facts;
  const opened = reviewTimeline[0]?.at ?? until;
  const end = reviewTimeline.find(({ event }) => ENDS.has(event))?.at ?? until;
  const holders: Array<{ at: number; party: Party }> = [
    { at: startOf(facts), party: 'submitter' as const },
    ...caseTimeline.filter(({ at }) => at >= submittedAt && at <= opened),
    ...reviewTimeline,
  ].map(({ at, party }) => ({ at: Math.min(Number(at), end.getTime()), party }));
  // The order they were written in, whatever two machines thought the time was.
  let latest = 0;
  for (const holder of holders) {
    latest = Math.max(latest, holder.at);
    holder.at = latest;
  }
  const days = new Map<Party, number>();
  let party: Party = 'submitter';
  for (const [index, holder] of holders.entries()) {
    // Nobody is waited for only where it has ended: in between, whoever held it last still does.
    if (holder.party !== 'none') party = holder.party;
    const next = holders[index + 1]?.at ?? Math.max(end.getTime(), latest);
    const held = workingDaysBetween(new Date(holder.at), new Date(next));
    if (held > 0) days.set(party, (days.get(party) ?? 0) + held);
  }
  const parts = [...days].map(([by, workingDays]) => ({ party: by, workingDays }));
  return { workingDays: parts.reduce((sum, part) => sum + part.workingDays, 0), parts };
}

function startOf({ diagnosedOn, createdAt, submittedAt }: TurnaroundFacts): Date {
  const diagnosed = diagnosedOn ? DateTime.fromISO(diagnosedOn, { zone: ZONE }).toJSDate() : createdAt;
  return diagnosed < submittedAt ? diagnosed : submittedAt;
}
