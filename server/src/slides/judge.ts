import { checkSlide, type LabelResult, type SlideCheck } from '@relecture/shared/slides/checks.js';
import { compareLabel } from '@relecture/shared/slides/label-agreement.js';
import { type CaseRecord, partialIdentityOf } from '../cases/index.js';
import type { LabelFindings, SlideRecord } from './model.js';

export const NOTHING_READ: LabelFindings = {
  codes: [],
  says: '',
  byEye: null,
  by: null,
  at: null,
  result: 'not_compared',
};

export const examNumberOf = (caseRecord: CaseRecord): string =>
  partialIdentityOf(caseRecord)?.localExamNumber ?? '';

/** What the label comes to, beside the block as it is typed now and the examination of the case. */
export function judgeLabel(
  label: LabelFindings,
  block: string,
  examNumber: string,
): Pick<LabelFindings, 'result'> {
  const compare = (says: string) => compareLabel({ says, block, examNumber });
  const codes = label.codes.map(compare);
  // The machine's word first: nobody waves a code through that says something else. A coordinator may, and is named.
  if (codes.includes('differs') && !codes.includes('agrees')) return { result: 'differs' };
  if (label.byEye !== null) return { result: label.byEye ? 'agrees' : 'differs' };
  const typed = label.says === '' ? 'unknown' : compare(label.says);
  if (typed !== 'unknown') return { result: typed };
  return { result: codes.includes('agrees') ? 'agrees' : 'not_compared' };
}

export function presentLabelResult({ label }: Pick<SlideRecord, 'label'>): LabelResult {
  const { result, by } = label ?? NOTHING_READ;
  return { result, by: result === 'not_compared' ? null : by === null ? 'code' : 'person' };
}

/** What was found of a readable slide, judged by the rules of today. */
export function checksOf(record: SlideRecord): SlideCheck[] {
  if (record.status !== 'ready') return [];
  const { focus, label, mpp, manualMpp } = record;
  return checkSlide({
    checked: focus !== null,
    label: (label ?? NOTHING_READ).result,
    hasScale: manualMpp !== null || mpp !== null,
    tissueShare: focus?.tissueShare ?? null,
    blackShare: focus?.blackShare ?? null,
    looked: focus?.looked ?? 0,
    blurred: focus?.blurred ?? 0,
  });
}

export const isHeld = (record: SlideRecord): boolean =>
  checksOf(record).some(({ outcome }) => outcome === 'holds');
