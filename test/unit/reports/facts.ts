import type { SealedFacts } from '@relecture/server/reports/seal.js';
import { reportContent } from '@relecture/shared/reports/schema.js';

export const facts = (overrides: Partial<SealedFacts> = {}): SealedFacts => ({
  caseNumber: 'R26-000042',
  networkId: 'LYMPHOPATH',
  kind: 'final',
  number: 1,
  content: reportContent.parse({ conclusion: 'Lymphome folliculaire.', morphology: '9690/3' }),
  amendment: '',
  signedAt: '2026-11-20T14:05:00.000Z',
  signer: { id: 'a'.repeat(24), name: 'Pr Hélène Œuvrard', organisation: 'CHU', rpps: '10003456789' },
  slides: [{ slideId: 'b'.repeat(24), sha256: 'c'.repeat(64) }],
  annotations: [{ id: '0b5f', version: 2, sha256: 'd'.repeat(64) }],
  previous: null,
  ...overrides,
});
