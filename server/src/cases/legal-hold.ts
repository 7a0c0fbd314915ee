import type { CaseStatus } from '@relecture/shared/events/status.js';
import { caseStatus } from '@relecture/shared/events/status.js';
import { transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import type { CaseRecord } from './model.js';
import { mayHoldSlides } from './policy.js';
import { seeCaseFor } from './service.js';

const SENT: readonly CaseStatus[] = caseStatus.options.filter((status) => status !== 'draft');

/** Nothing of the case's slides is destroyed from here on, whatever the rule of its organisation; or again may be. */
export async function holdSlides(
  caseId: string,
  isHeld: boolean,
  reason: string,
  principal: Principal,
): Promise<CaseRecord> {
  const record = await seeCaseFor(caseId, principal, mayHoldSlides);
  return await transition<CaseRecord>({
    kind: 'case',
    id: record._id,
    event: isHeld ? 'case.legal-hold-set' : 'case.legal-hold-lifted',
    from: SENT,
    to: 'same',
    party: 'same',
    by: principal,
    params: { reason },
    set: { legalHold: isHeld ? { by: asPerson(principal), at: now(), reason } : null },
  });
}
