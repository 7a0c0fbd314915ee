import type { CaseRow } from '@relecture/shared/cases/schema.js';

/** What is still to be written opens in the form, the rest on the case page. */
export const addressOf = (row: Pick<CaseRow, 'id' | 'status'>) =>
  row.status === 'draft' || row.status === 'to_correct' ? `/cases/${row.id}/edit` : `/cases/${row.id}`;
