import type { TimelineEntry } from '@relecture/shared/events/catalog.js';
import type { EventParams, StoredEntry } from './travel.js';

/** What happened is for everybody who sees the record; the words of its reason only for those who may read them. */
const withoutReason = ({ reason, ...params }: EventParams): EventParams =>
  typeof reason === 'string' && reason !== '' ? { ...params, reasonWithheld: true } : params;

export const presentEntry = (entry: StoredEntry, mayReadReason: boolean): TimelineEntry => ({
  id: entry.id,
  at: entry.at.toISOString(),
  event: entry.event,
  by: entry.by,
  from: entry.from,
  to: entry.to,
  party: entry.party,
  params: mayReadReason ? entry.params : withoutReason(entry.params),
});
