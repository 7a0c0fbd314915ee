import type { CompareLabelBody, SlideLabel } from '@relecture/shared/slides/checks.js';
import { findCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { examNumberOf, judgeLabel, NOTHING_READ, presentLabelResult } from './judge.js';
import type { LabelFindings, SlideRecord } from './model.js';
import { mayDescribeSlide, maySeeLabel } from './policy.js';
import { ALIVE, seeSlide, slidesOfCase } from './service.js';

/** For those who may see the patient's name: it may stand on the label. */
export async function readLabelCheck(slideId: string, principal: Principal): Promise<SlideLabel> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  if (!maySeeLabel(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  await recordAccess({
    actorId: principal.id,
    action: 'slide.label-check-read',
    recordKind: 'slide',
    recordId: slideId,
  });
  return presentLabel(slide);
}

function presentLabel(slide: SlideRecord): SlideLabel {
  const { codes, says, by, at } = slide.label ?? NOTHING_READ;
  return {
    ...presentLabelResult(slide),
    codes: [...codes],
    says: says === '' ? null : says,
    comparedBy: by?.displayName ?? null,
    at: at?.toISOString() ?? null,
  };
}

/** A person has looked at the label, on the glass or on its photograph. */
export async function compareByHand(
  slideId: string,
  body: CompareLabelBody,
  principal: Principal,
): Promise<SlideLabel> {
  const { slide, caseRecord } = await seeSlide(slideId, principal);
  if (!mayDescribeSlide(caseRecord, principal)) throw new ProblemError('FORBIDDEN');
  const seen: LabelFindings = {
    ...(slide.label ?? NOTHING_READ),
    says: 'says' in body ? body.says : '',
    byEye: 'agrees' in body ? body.agrees : null,
    by: asPerson(principal),
    at: now(),
  };
  const label = { ...seen, ...judgeLabel(seen, slide.block, examNumberOf(caseRecord)) };
  return presentLabel(await writeLabel(slide, label, principal));
}

async function writeLabel(
  slide: SlideRecord,
  label: LabelFindings,
  principal: Principal | null,
): Promise<SlideRecord> {
  return await transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.label-compared',
    from: ALIVE,
    to: 'same',
    party: 'same',
    by: principal,
    params: { caseId: String(slide.caseId), result: label.result },
    set: { label },
    version: slide.version,
  });
}

/** The examination's number became known, or was corrected. Idempotent. */
export async function compareLabelsOfCase(caseId: string): Promise<void> {
  const caseRecord = await findCase(caseId);
  if (!caseRecord) return;
  for (const slide of await slidesOfCase(caseId)) {
    if (!slide.label) continue;
    const { result } = judgeLabel(slide.label, slide.block, examNumberOf(caseRecord));
    if (result !== slide.label.result) await writeLabel(slide, { ...slide.label, result }, null);
  }
}
