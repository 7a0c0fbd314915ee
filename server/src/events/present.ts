import type { TimelineEntry } from '@relecture/shared/events/catalog.js';
import type { StoredEntry } from './travel.js';

export const presentEntry = (entry: StoredEntry): TimelineEntry => ({
  id: entry.id,
  at: entry.at.toISOString(),
  event: entry.event,
  by: entry.by,
  from: entry.from,
  to: entry.to,
  party: entry.party,
  params: entry.params,
});
