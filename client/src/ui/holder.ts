import type { Party } from '@relecture/shared/events/status.js';
import i18next from 'i18next';

/** Who has it now: a person when the expert, or the writer of a draft, holds it; else the party in words. */
export function wordHolder(row: { party: Party; heldBy: string | null; status: string }): string {
  if (row.heldBy && (row.party === 'reviewer' || row.status === 'draft')) return row.heldBy;
  return row.party === 'none' ? '' : i18next.t(`party.${row.party}`, { ns: 'ui' });
}
