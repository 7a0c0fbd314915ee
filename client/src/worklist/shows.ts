import type { ReviewFilters } from '../api/reviews';

/** What of one's own readings the worklist shows; kept in the address. */
export const SHOWS = ['open', 'overdue', 'waiting', 'signed'] as const;
export type Show = (typeof SHOWS)[number];

export const readShow = (value: string | null): Show => SHOWS.find((show) => show === value) ?? 'open';

export const FILTERS: Record<Show, ReviewFilters> = {
  open: { scope: 'mine' },
  overdue: { scope: 'mine', overdue: 'true' },
  waiting: { scope: 'mine', status: 'on_hold' },
  signed: { scope: 'mine', status: 'signed' },
};
