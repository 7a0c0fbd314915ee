import type { ReviewRow } from '@relecture/shared/reviews/schema.js';

/** Why a review waits, as a key of the `waits` words. */
export function whyWaits(row: Pick<ReviewRow, 'status' | 'party' | 'acceptedAt' | 'centre'>) {
  switch (row.status) {
    case 'routed':
      return row.party === 'transfer' ? 'transfer' : 'admission';
    case 'admitted':
      return row.centre === null ? 'unassigned' : 'centre';
    case 'assigned':
      if (row.party === 'transfer') return 'transfer';
      return row.acceptedAt === null ? 'acceptance' : 'start';
    case 'in_review':
      return row.party === 'transfer' ? 'transfer' : 'reading';
    case 'on_hold':
      return 'material';
    case 'preliminary':
      return 'final';
    case 'signed':
      return 'signed';
    case 'cancelled':
      return 'cancelled';
  }
}
